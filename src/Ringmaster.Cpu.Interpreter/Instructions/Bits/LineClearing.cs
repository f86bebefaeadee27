using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions.Bits;

/// <summary>CLZERO: clears the cache line that holds the byte at rAX (APM 3 CLZERO).</summary>
internal static unsafe class LineClearing
{
    private const int Line = 64;

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Clzerow, &Clear<ushort>);
        table.Add(Code.Clzerod, &Clear<uint>);
        table.Add(Code.Clzeroq, &Clear<ulong>);
    }

    // The whole line is cleared wherever in it the address points to; segment limits hold for the byte addressed.
    private static Status Clear<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        var offset = sizeof(T) == 2 ? cpu.Reg<ushort>(RegisterFile.Rax)
            : sizeof(T) == 4 ? cpu.Reg<uint>(RegisterFile.Rax) : cpu.R64(RegisterFile.Rax);
        ulong linear;
        if (cpu.Is64BitMode)
            linear = offset + cpu.BaseOf(op->Segment);
        else if (!cpu.Segmented(op->Segment, offset, 1, AccessKind.Write, out linear))
            return cpu.FaultOrExit;
        return cpu.WriteLinear(op->Segment, linear & ~(Line - 1UL), Vector512<byte>.Zero) ? Status.Next : cpu.FaultOrExit;
    }
}
