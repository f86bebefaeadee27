namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>What generated code asks the runtime to translate, in one word: the slot's place, and below it what is done.</summary>
/// <param name="Word">The word.</param>
internal readonly record struct FillRequest(ulong Word)
{
    /// <summary>Where the slot's place begins.</summary>
    public const byte SlotShift = 16;

    private const int WritesBit = 0x1000, GroupBit = 0x2000, SizeMask = 0xFFF;

    /// <summary>The slot's place in the area.</summary>
    public int Slot => (int)(Word >> SlotShift);

    /// <summary>Bytes.</summary>
    public int Size => (int)Word & SizeMask;

    /// <summary>For a store.</summary>
    public bool Writes => (Word & WritesBit) != 0;

    /// <summary>For several accesses that are checked together.</summary>
    public bool IsGroup => (Word & GroupBit) != 0;

    /// <summary>The lower part of the word.</summary>
    public static int Encode(int size, bool writes, bool isGroup) => size | (writes ? WritesBit : 0) | (isGroup ? GroupBit : 0);
}
