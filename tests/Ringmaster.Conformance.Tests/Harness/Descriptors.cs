namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>Descriptors as they lie in tables (SDM 3A 3.4.5, 5.8.3, 6.11).</summary>
internal static class Descriptors
{
    /// <summary>A segment descriptor.</summary>
    /// <param name="start">Base.</param>
    /// <param name="limit">Limit, in bytes or pages.</param>
    /// <param name="type">P, DPL, S and type.</param>
    /// <param name="flags">G, D, L, AVL.</param>
    public static ulong Segment(uint start, uint limit, uint type, uint flags) =>
        (limit & 0xFFFF) | ((ulong)(start & 0xFF_FFFF) << 16) | ((ulong)type << 40) | ((ulong)(limit >> 16 & 0xF) << 48)
        | ((ulong)flags << 52) | ((ulong)(start >> 24) << 56);

    /// <summary>The low half of a gate.</summary>
    public static ulong Gate(ushort selector, ulong offset, int type, int level = 0, bool present = true, int stackOrCount = 0) =>
        (offset & 0xFFFF) | ((ulong)selector << 16) | ((ulong)stackOrCount << 32)
        | ((ulong)(type | (level << 5) | (present ? 0x80 : 0)) << 40) | ((offset >> 16 & 0xFFFF) << 48);
}
