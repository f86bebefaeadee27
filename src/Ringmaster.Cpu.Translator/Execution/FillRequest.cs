using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>What generated code asks to be translated and where it is to be remembered, in one word.</summary>
/// <param name="Word">The word: from bit 0 the slot, then the margin, what it is for, and the size.</param>
internal readonly record struct FillRequest(uint Word)
{
    /// <summary>Parts of the word.</summary>
    public const int SlotMask = 0x7FFF, MarginShift = 15, MarginMask = 31, FaultBit = 1 << 22, SizeShift = 23;

    private const int SlotShift = 6, WritesBit = 1 << 20, GroupBit = 1 << 21;

    /// <summary>The slot's place in the area.</summary>
    public int Slot => ((int)Word & SlotMask) << SlotShift;

    /// <summary>It is to be remembered in a slot.</summary>
    public bool HasSlot => (Word & SlotMask) != 0;

    /// <summary>See <see cref="SiteSlot.MarginOf"/>.</summary>
    public int Margin => ((int)Word >> MarginShift & MarginMask) << 2 | 3;

    /// <summary>Bytes.</summary>
    public int Size => (int)(Word >> SizeShift) + 1;

    /// <summary>For a store.</summary>
    public bool Writes => (Word & WritesBit) != 0;

    /// <summary>For several accesses that are checked together.</summary>
    public bool IsGroup => (Word & GroupBit) != 0;

    /// <summary>Where there is no translation the instruction that it is for faults, and generated code leaves for that right away.</summary>
    public bool MayFault => (Word & FaultBit) != 0;

    /// <summary>It is for one load of an instruction that comes next: a copy of the operand does as well.</summary>
    public bool TakesCopy => (Word & (WritesBit | FaultBit)) == FaultBit;

    /// <summary>Makes a request.</summary>
    /// <param name="slot">The slot's place in the area; 0 for none.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="writes">For a store.</param>
    /// <param name="isGroup">For several accesses that are checked together.</param>
    /// <param name="mayFault">See <see cref="MayFault"/>.</param>
    public static FillRequest Create(int slot, int size, bool writes, bool isGroup, bool mayFault = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slot, SlotMask << SlotShift);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 128);
        var margin = SiteSlot.MarginOf(size);
        return new((uint)(slot >> SlotShift | margin >> 2 << MarginShift | (writes ? WritesBit : 0) | (isGroup ? GroupBit : 0)
            | (mayFault ? FaultBit : 0) | size - 1 << SizeShift));
    }
}
