namespace Ringmaster.Cpu.Interpreter.Execution;
internal sealed unsafe partial class Vcpu { internal bool CheckPortPermission(ushort port, int size) => true; }
