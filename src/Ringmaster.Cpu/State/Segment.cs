namespace Ringmaster.Cpu.State;

/// <summary>A segment register with its hidden part (SDM 3A 3.4.3).</summary>
/// <param name="Selector">The visible part.</param>
/// <param name="Base">Linear address of the segment's byte 0.</param>
/// <param name="Limit">Offset of the last byte (for expand-down segments: the last one below it), scaled to bytes.</param>
/// <param name="Attributes">Access rights.</param>
public readonly record struct Segment(ushort Selector, ulong Base, uint Limit, SegmentAttributes Attributes)
{
    /// <summary>A data segment as real mode makes it.</summary>
    public static Segment RealModeData(ushort selector) => new(selector, (ulong)selector << 4, 0xFFFF, SegmentAttributes.RealModeData);

    /// <summary>A code segment as real mode makes it.</summary>
    public static Segment RealModeCode(ushort selector) => new(selector, (ulong)selector << 4, 0xFFFF, SegmentAttributes.RealModeCode);
}
