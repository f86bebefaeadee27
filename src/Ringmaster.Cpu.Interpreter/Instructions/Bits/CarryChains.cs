using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Bits;

/// <summary>ADCX and ADOX: additions that carry through CF or OF alone.</summary>
internal static unsafe class CarryChains
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Adcx_r32_rm32, &CarryRegister<uint>, &CarryMemory<uint>);
        table.Add(Code.Adcx_r64_rm64, &CarryRegister<ulong>, &CarryMemory<ulong>);
        table.Add(Code.Adox_r32_rm32, &OverflowRegister<uint>, &OverflowMemory<uint>);
        table.Add(Code.Adox_r64_rm64, &OverflowRegister<ulong>, &OverflowMemory<ulong>);
    }

    private static Status CarryRegister<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        cpu.CF = Add(cpu, op, cpu.Reg<T>(op->Reg1), cpu.CF);
        return Status.Next;
    }

    private static Status CarryMemory<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.Read<T>(op, out var source))
            return cpu.FaultOrExit;
        cpu.CF = Add(cpu, op, source, cpu.CF);
        return Status.Next;
    }

    private static Status OverflowRegister<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        cpu.OF = Add(cpu, op, cpu.Reg<T>(op->Reg1), cpu.OF);
        return Status.Next;
    }

    private static Status OverflowMemory<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.Read<T>(op, out var source))
            return cpu.FaultOrExit;
        cpu.OF = Add(cpu, op, source, cpu.OF);
        return Status.Next;
    }

    private static bool Add<T>(Vcpu cpu, Op* op, T source, bool carry) where T : unmanaged, IBinaryInteger<T>
    {
        var left = cpu.Reg<T>(op->Reg0);
        var sum = left + source;
        var result = carry ? sum + T.One : sum;
        cpu.SetReg(op->Reg0, result);
        return sum < left || result < sum;
    }
}
