using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>DAA, DAS, AAA, AAS, AAM, AAD, and the undocumented SALC: not in 64-bit mode (SDM 2A).</summary>
internal static unsafe class DecimalInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Daa, &Daa);
        table.Add(Code.Das, &Das);
        table.Add(Code.Aaa, &Aaa);
        table.Add(Code.Aas, &Aas);
        table.Add(Code.Aam_imm8, &Aam);
        table.Add(Code.Aad_imm8, &Aad);
        table.Add(Code.Salc, &Salc);
    }

    private static Status Daa(Vcpu cpu, Op* op)
    {
        var (old, carry, adjust) = (cpu.Reg<byte>(RegisterFile.Rax), cpu.CF, cpu.AF);
        var result = old;
        adjust = (old & 0xF) > 9 || adjust;
        if (adjust)
            result += 6;
        carry = old > 0x99 || carry;
        if (carry)
            result += 0x60;
        return Store(cpu, result, carry, adjust);
    }

    private static Status Das(Vcpu cpu, Op* op)
    {
        var (old, carry, adjust) = (cpu.Reg<byte>(RegisterFile.Rax), cpu.CF, cpu.AF);
        var result = old;
        var borrow = false;
        adjust = (old & 0xF) > 9 || adjust;
        if (adjust)
        {
            borrow = carry || result < 6;
            result -= 6;
        }
        if (old > 0x99 || carry)
        {
            result -= 0x60;
            borrow = true;
        }
        return Store(cpu, result, borrow, adjust);
    }

    private static Status Store(Vcpu cpu, byte result, bool carry, bool adjust)
    {
        cpu.SetReg(RegisterFile.Rax, result);
        cpu.SetLogicFlags(result);
        cpu.CF = carry;
        cpu.OF = false;
        cpu.AF = adjust;
        return Status.Next;
    }

    private static Status Aaa(Vcpu cpu, Op* op)
    {
        var adjust = (cpu.Reg<byte>(RegisterFile.Rax) & 0xF) > 9 || cpu.AF;
        if (adjust)
            cpu.SetReg(RegisterFile.Rax, (ushort)(cpu.Reg<ushort>(RegisterFile.Rax) + 0x106));
        return StoreUnpacked(cpu, adjust);
    }

    private static Status Aas(Vcpu cpu, Op* op)
    {
        var adjust = (cpu.Reg<byte>(RegisterFile.Rax) & 0xF) > 9 || cpu.AF;
        if (adjust)
            cpu.SetReg(RegisterFile.Rax, (ushort)(cpu.Reg<ushort>(RegisterFile.Rax) - 0x106));
        return StoreUnpacked(cpu, adjust);
    }

    private static Status StoreUnpacked(Vcpu cpu, bool adjust)
    {
        var low = (byte)(cpu.Reg<byte>(RegisterFile.Rax) & 0xF);
        cpu.SetReg(RegisterFile.Rax, low);
        cpu.SetLogicFlags(low);
        cpu.CF = adjust;
        cpu.OF = false;
        cpu.AF = adjust;
        return Status.Next;
    }

    private static Status Aam(Vcpu cpu, Op* op)
    {
        var divisor = (byte)op->Immediate;
        if (divisor == 0)
            return cpu.Raise(Vector.DivideError);
        var (high, low) = Math.DivRem(cpu.Reg<byte>(RegisterFile.Rax), divisor);
        cpu.SetReg(RegisterFile.Rax, (ushort)((high << 8) | low));
        cpu.SetLogicFlags(low);
        return Status.Next;
    }

    private static Status Aad(Vcpu cpu, Op* op)
    {
        var result = (byte)(cpu.Reg<byte>(RegisterFile.Rax) + cpu.Reg<byte>(RegisterFile.Rax + 1) * (byte)op->Immediate);
        cpu.SetReg(RegisterFile.Rax, (ushort)result);
        cpu.SetLogicFlags(result);
        return Status.Next;
    }

    private static Status Salc(Vcpu cpu, Op* op)
    {
        cpu.SetReg(RegisterFile.Rax, cpu.CF ? (byte)0xFF : (byte)0);
        return Status.Next;
    }
}
