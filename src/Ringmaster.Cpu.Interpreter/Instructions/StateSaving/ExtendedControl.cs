using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.StateSaving;

/// <summary>XGETBV and XSETBV.</summary>
internal static unsafe class ExtendedControl
{
    private const ulong BoundRegisters = 3 << 3, Tiles = 3 << 17;

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Xgetbv, &Get);
        table.Add(Code.Xsetbv, &Set);
    }

    private static Status Get(Vcpu cpu, Op* op)
    {
        if ((cpu.Cr4 & Cr4Bits.OsXsave) == 0)
            return cpu.RaiseInvalidOpcode();
        ulong value;
        switch (cpu.Reg<uint>(RegisterFile.Rcx))
        {
            case 0:
                value = cpu.Xcr0;
                break;
            // XCR0 and what is in use (SDM 1 13.2, CPUID D/1 EAX[2]).
            case 1 when (cpu.Cpuid[0xD, 1].Eax & 4) != 0:
                value = cpu.Xcr0 & StateImage.InUse(cpu);
                break;
            default:
                return cpu.RaiseGeneralProtection();
        }
        cpu.SetReg(RegisterFile.Rax, (uint)value);
        cpu.SetReg(RegisterFile.Rdx, (uint)(value >> 32));
        return Status.Next;
    }

    private static Status Set(Vcpu cpu, Op* op)
    {
        if ((cpu.Cr4 & Cr4Bits.OsXsave) == 0)
            return cpu.RaiseInvalidOpcode();
        var value = cpu.Reg<uint>(RegisterFile.Rax) | ((ulong)cpu.Reg<uint>(RegisterFile.Rdx) << 32);
        if (cpu.Cpl != 0 || cpu.Reg<uint>(RegisterFile.Rcx) != 0 || !IsLegal(cpu, value))
            return cpu.RaiseGeneralProtection();
        cpu.Xcr0 = value;
        return Status.Next;
    }

    /// <summary>The combinations of SDM 3A 2.6.</summary>
    private static bool IsLegal(Vcpu cpu, ulong value)
    {
        var leaf = cpu.Cpuid[0xD, 0];
        if ((value & ~(leaf.Eax | ((ulong)leaf.Edx << 32))) != 0 || (value & StateComponent.X87Bit) == 0)
            return false;
        if ((value & StateComponent.AvxBit) != 0 && (value & StateComponent.SseBit) == 0)
            return false;
        var avx512 = value & StateComponent.Avx512Bits;
        if (avx512 != 0 && (avx512 != StateComponent.Avx512Bits || (value & StateComponent.AvxBit) == 0))
            return false;
        return (value & BoundRegisters) is 0 or BoundRegisters && (value & Tiles) is 0 or Tiles;
    }
}
