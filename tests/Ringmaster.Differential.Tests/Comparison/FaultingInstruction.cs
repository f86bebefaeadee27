using Iced.Intel;
using Ringmaster.Differential.Tests.Cases;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>The instruction at which host or engine stopped first, with the registers that it found.</summary>
internal readonly struct FaultingInstruction
{
    private readonly RegisterFrame _registers;

    private FaultingInstruction(CaseInstruction item, in RegisterFrame registers, bool is32Bit)
    {
        Instruction = item.Instruction;
        Raw = item.Raw;
        _registers = registers;
        Is32Bit = is32Bit;
    }

    /// <summary>The instruction.</summary>
    public Instruction Instruction { get; }

    /// <summary>Its bytes, if it was not made by the encoder.</summary>
    public byte[]? Raw { get; }

    /// <summary>It stands in 32-bit code.</summary>
    public bool Is32Bit { get; }

    /// <summary>Finds the instruction at a fault's RIP.</summary>
    public static FaultingInstruction? Find(TestCase test, in RegisterFrame registers, IReadOnlyList<ulong> addresses)
    {
        for (var i = 0; i < test.Instructions.Count; i++)
        {
            if (addresses[i] == registers.Rip)
                return new FaultingInstruction(test.Instructions[i], registers, test.Is32Bit);
        }
        return null;
    }

    /// <summary>The last instruction of a case, with the registers that it left: those of its address must be none that it changes.</summary>
    public static FaultingInstruction Last(TestCase test, in RegisterFrame registers, IReadOnlyList<ulong> addresses)
    {
        var atLast = registers;
        atLast.Rip = addresses[test.Instructions.Count - 1];
        return new FaultingInstruction(test.Instructions[^1], atLast, test.Is32Bit);
    }

    /// <summary>The linear address of its memory operand, if it has one.</summary>
    public ulong? MemoryAddress
    {
        get
        {
            for (var i = 0; i < Instruction.OpCount; i++)
            {
                if (Instruction.GetOpKind(i) is OpKind.Register or OpKind.Immediate8 || !TryGetAddress(i, out var address))
                    continue;
                // Raw bytes are decoded as if they stood at address zero.
                if (Raw is not null && Instruction.IsIPRelativeMemoryOperand)
                    address += _registers.Rip;
                return Is32Bit || Instruction.MemoryBase == Register.EIP ? (uint)address : address;
            }
            return null;
        }
    }

    private bool TryGetAddress(int operand, out ulong address)
    {
        var registers = _registers;
        return Instruction.TryGetVirtualAddress(operand, 0, out address, (Register register, int _, int _, out ulong value) =>
        {
            value = 0;
            if (register.IsSegmentRegister())
                return true;
            if (!register.IsGPR())
                return false;
            var whole = registers.General[register.GetFullRegister().GetNumber()];
            value = register.GetSize() switch
            {
                8 => whole,
                4 => (uint)whole,
                2 => (ushort)whole,
                _ => (byte)whole,
            };
            return true;
        });
    }
}
