namespace Ringmaster.Cpu.State;

/// <summary>
/// The access rights of a segment as they stand in bits 8 to 23 of a descriptor's second doubleword, with the limit's bits
/// (8 to 11 here) zero (SDM 3A 3.4.5, SDM 3C 24.4.1).
/// </summary>
/// <param name="Value">The bits; see the properties. Bit 16 marks a segment register that cannot be used (a null selector).</param>
public readonly record struct SegmentAttributes(uint Value)
{
    private const uint SystemBit = 1 << 4, PresentBit = 1 << 7, AvailableBit = 1 << 12, LongBit = 1 << 13, BigBit = 1 << 14,
        GranularityBit = 1 << 15, UnusableBit = 1 << 16;

    /// <summary>Present, DPL 0, readable, writable, accessed data; 16-bit. What DS, ES, FS, GS and SS have after reset.</summary>
    public static SegmentAttributes RealModeData { get; } = new(0x93);

    /// <summary>Present, DPL 0, executable, readable, accessed; 16-bit. What CS has after reset (in real mode, writable too).</summary>
    public static SegmentAttributes RealModeCode { get; } = new(0x9B);

    /// <summary>A register that holds a null selector.</summary>
    public static SegmentAttributes Unusable { get; } = new(UnusableBit);

    /// <summary>The type field, 0 to 15 (SDM 3A 3.4.5.1 and 3.5).</summary>
    public int Type => (int)(Value & 0xF);

    /// <summary>S: a code or data segment, not a system segment.</summary>
    public bool IsCodeOrData => (Value & SystemBit) != 0;

    /// <summary>A code segment.</summary>
    public bool IsCode => (Value & (SystemBit | 8)) == (SystemBit | 8);

    /// <summary>A data segment.</summary>
    public bool IsData => (Value & (SystemBit | 8)) == SystemBit;

    /// <summary>A conforming code segment.</summary>
    public bool IsConforming => IsCode && (Value & 4) != 0;

    /// <summary>A data segment that expands down.</summary>
    public bool IsExpandDown => IsData && (Value & 4) != 0;

    /// <summary>Loads are allowed: any data segment, or a readable code segment.</summary>
    public bool IsReadable => IsCodeOrData && ((Value & 8) == 0 || (Value & 2) != 0);

    /// <summary>Stores are allowed: a writable data segment.</summary>
    public bool IsWritable => IsData && (Value & 2) != 0;

    /// <summary>Accessed: set by the processor when it loads the segment.</summary>
    public bool IsAccessed => (Value & 1) != 0;

    /// <summary>Descriptor privilege level, 0 to 3.</summary>
    public int PrivilegeLevel => (int)(Value >> 5) & 3;

    /// <summary>P: the segment is present.</summary>
    public bool IsPresent => (Value & PresentBit) != 0;

    /// <summary>AVL: for the operating system.</summary>
    public bool IsAvailable => (Value & AvailableBit) != 0;

    /// <summary>L: 64-bit code.</summary>
    public bool IsLong => (Value & LongBit) != 0;

    /// <summary>D/B: 32-bit operands and addresses, stack pointer, or upper bound.</summary>
    public bool IsBig => (Value & BigBit) != 0;

    /// <summary>G: the limit counts pages.</summary>
    public bool HasPageGranularity => (Value & GranularityBit) != 0;

    /// <summary>The register holds a null selector: every access through it faults (outside 64-bit mode).</summary>
    public bool IsUnusable => (Value & UnusableBit) != 0;

    /// <summary>Takes the rights from a descriptor's second doubleword.</summary>
    public static SegmentAttributes FromDescriptor(uint high) => new((high >> 8) & 0xF0FF);

    /// <summary>These rights with another privilege level.</summary>
    public SegmentAttributes WithPrivilegeLevel(int level) => new((Value & ~0x60u) | ((uint)level << 5));
}
