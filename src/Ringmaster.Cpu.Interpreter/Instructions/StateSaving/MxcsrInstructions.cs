using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.StateSaving;

/// <summary>LDMXCSR, STMXCSR and their VEX forms.</summary>
internal static unsafe class MxcsrInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Ldmxcsr_m32, &Load, Guard.Sse);
        table.Add(Code.VEX_Vldmxcsr_m32, &Load, Guard.Avx);
        table.Add(Code.Stmxcsr_m32, &Store, Guard.Sse);
        table.Add(Code.VEX_Vstmxcsr_m32, &Store, Guard.Avx);
    }

    private static Status Load(Vcpu cpu, Op* op)
    {
        if (!cpu.Read(op, out uint value))
            return cpu.FaultOrExit;
        if ((value & ~LegacyRegion.MxcsrMask(cpu)) != 0)
            return cpu.RaiseGeneralProtection();
        cpu.Fpu.Mxcsr = value;
        return Status.Next;
    }

    private static Status Store(Vcpu cpu, Op* op) => cpu.Write(op, cpu.Fpu.Mxcsr) ? Status.Next : cpu.FaultOrExit;
}
