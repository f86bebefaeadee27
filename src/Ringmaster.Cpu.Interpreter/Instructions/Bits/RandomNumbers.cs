using System.Runtime.InteropServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;

namespace Ringmaster.Cpu.Interpreter.Instructions.Bits;

/// <summary>RDRAND and RDSEED, from the host's generator; CF says that there was a number, as always here.</summary>
internal static unsafe class RandomNumbers
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Rdrand_r16, &Next<ushort>);
        table.Add(Code.Rdrand_r32, &Next<uint>);
        table.Add(Code.Rdrand_r64, &Next<ulong>);
        table.Add(Code.Rdseed_r16, &Next<ushort>);
        table.Add(Code.Rdseed_r32, &Next<uint>);
        table.Add(Code.Rdseed_r64, &Next<ulong>);
    }

    private static Status Next<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        T value = default;
        cpu.FillRandomly(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        cpu.SetReg(op->Reg0, value);
        cpu.SetStatus(Rflags.Carry);
        return Status.Next;
    }
}
