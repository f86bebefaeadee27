using Iced.Intel;

namespace Ringmaster.Differential.Tests.Generation;

/// <summary>Makes memory operands that lead to a wanted address through registers whose values are known.</summary>
internal sealed class MemoryOperandMaker(Dice dice, RegisterPlan plan)
{
    /// <summary>Sets an instruction's memory operand.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="size">Bytes that it accesses.</param>
    /// <param name="is32Bit">32-bit code.</param>
    /// <param name="canBeRelative">RIP-relative forms are allowed.</param>
    public void Set(ref Instruction instruction, int size, bool is32Bit, bool canBeRelative)
    {
        var alignment = dice.Percent(75) ? size : 1;
        var address = Values.Address(dice, Math.Max(1, alignment));
        if (is32Bit)
            address = (uint)address;
        if (dice.Percent(4))
            SetWild(ref instruction, is32Bit);
        else if (!is32Bit && canBeRelative && address < 0x1000_0000 && dice.Percent(12))
            SetRelative(ref instruction, address);
        else if (!TrySet(ref instruction, address, is32Bit))
            SetAbsolute(ref instruction, (uint)address, is32Bit);
    }

    /// <summary>Sets the memory operand of a gather: a base and a vector index.</summary>
    public void SetGather(ref Instruction instruction, Register index, bool is32Bit)
    {
        var register = plan.PickPointer(dice);
        if (register < 0)
            register = dice.Below(is32Bit ? 8 : 16);
        instruction.MemoryBase = (is32Bit ? Register.EAX : Register.RAX) + register;
        instruction.MemoryIndex = index;
        instruction.MemoryIndexScale = 1 << dice.Below(4);
        SetDisplacement(ref instruction, (ulong)dice.Between(-64, 64), is32Bit);
    }

    private bool TrySet(ref Instruction instruction, ulong address, bool is32Bit)
    {
        var first = is32Bit ? Register.EAX : Register.RAX;
        var with32BitAddress = !is32Bit && address <= uint.MaxValue && dice.Percent(5);
        if (with32BitAddress)
            first = Register.EAX;
        var baseRegister = plan.PickPointer(dice);
        var index = dice.Percent(35) ? plan.Pick(dice) : -1;
        // RSP cannot be an index.
        if (index == 4)
            index = -1;
        if (baseRegister < 0 && index < 0)
            return false;
        var scale = dice.Below(4);
        var displacement = address - (baseRegister < 0 ? 0 : plan.ValueOf(baseRegister)) - (index < 0 ? 0 : plan.ValueOf(index) << scale);
        if (is32Bit || with32BitAddress)
            displacement = (ulong)(int)displacement;
        else if (displacement != (ulong)(int)displacement)
            return false;
        instruction.MemoryBase = baseRegister < 0 ? Register.None : first + baseRegister;
        instruction.MemoryIndex = index < 0 ? Register.None : first + index;
        instruction.MemoryIndexScale = index < 0 ? 1 : 1 << scale;
        SetDisplacement(ref instruction, displacement, is32Bit || with32BitAddress);
        return true;
    }

    private void SetWild(ref Instruction instruction, bool is32Bit)
    {
        var first = is32Bit || dice.Percent(10) ? Register.EAX : Register.RAX;
        var count = is32Bit ? 8 : 16;
        instruction.MemoryBase = first + dice.Below(count);
        var index = dice.Below(count);
        instruction.MemoryIndex = index == 4 || dice.Percent(50) ? Register.None : first + index;
        instruction.MemoryIndexScale = instruction.MemoryIndex == Register.None ? 1 : 1 << dice.Below(4);
        SetDisplacement(ref instruction, dice.Percent(50) ? (ulong)dice.Between(-128, 127) : (ulong)(int)dice.Next(), first == Register.EAX);
    }

    private static void SetRelative(ref Instruction instruction, ulong address)
    {
        instruction.MemoryBase = Register.RIP;
        instruction.MemoryDisplacement64 = address;
        instruction.MemoryDisplSize = 8;
    }

    private static void SetAbsolute(ref Instruction instruction, uint address, bool is32Bit)
    {
        instruction.MemoryBase = Register.None;
        instruction.MemoryIndex = Register.None;
        instruction.MemoryDisplacement64 = is32Bit ? address : (ulong)(int)address;
        instruction.MemoryDisplSize = is32Bit ? 4 : 8;
    }

    private static void SetDisplacement(ref Instruction instruction, ulong displacement, bool is32Bit)
    {
        instruction.MemoryDisplacement64 = is32Bit ? (uint)displacement : displacement;
        // The encoder takes one byte where it suffices.
        instruction.MemoryDisplSize = (long)displacement == (sbyte)displacement ? 1
            : is32Bit ? 4 : 8;
        if (instruction.MemoryBase == Register.None)
            instruction.MemoryDisplSize = is32Bit ? 4 : 8;
    }
}
