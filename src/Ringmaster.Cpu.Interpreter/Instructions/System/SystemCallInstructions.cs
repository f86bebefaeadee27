using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>SYSCALL, SYSRET, SYSENTER, SYSEXIT.</summary>
internal static unsafe class SystemCallInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Syscall, &SystemCall);
        table.Add(Code.Sysretd, &SystemReturn);
        table.Add(Code.Sysretq, &SystemReturn64);
        table.Add(Code.Sysenter, &SystemEnter);
        table.Add(Code.Sysexitd, &SystemExit);
        table.Add(Code.Sysexitq, &SystemExit64);
    }

    private static Status SystemCall(Vcpu cpu, Op* op) => cpu.SystemCall(cpu.NextRipOf(op));

    private static Status SystemReturn(Vcpu cpu, Op* op) => cpu.SystemReturn(to64: false);

    private static Status SystemReturn64(Vcpu cpu, Op* op) => cpu.SystemReturn(to64: true);

    private static Status SystemEnter(Vcpu cpu, Op* op) => cpu.SystemEnter();

    private static Status SystemExit(Vcpu cpu, Op* op) => cpu.SystemExit(to64: false);

    private static Status SystemExit64(Vcpu cpu, Op* op) => cpu.SystemExit(to64: true);
}
