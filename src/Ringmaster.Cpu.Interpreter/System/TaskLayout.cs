namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Offsets in a task state segment.</summary>
/// <param name="Word">Bytes of a register's slot.</param>
/// <param name="Eip">Offset of the instruction pointer; flags and registers follow in slots.</param>
/// <param name="Segments">Offset of ES; the other selectors follow in slots.</param>
/// <param name="SegmentCount">4 or 6.</param>
/// <param name="Ldt">Offset of the LDT selector.</param>
/// <param name="LastByte">Offset of the last byte that a switch needs: the smallest limit.</param>
internal sealed record TaskLayout(int Word, uint Eip, uint Segments, int SegmentCount, uint Ldt, uint LastByte)
{
    /// <summary>Offset of the page directory base in a 32-bit TSS.</summary>
    public const uint Cr3 = 28;

    /// <summary>Offset of the word with the T bit in a 32-bit TSS.</summary>
    public const uint Trap = 100;

    /// <summary>SDM 3A 7.6.</summary>
    public static readonly TaskLayout Narrow = new(2, 14, 34, 4, 42, 43);

    /// <summary>SDM 3A 7.2.1.</summary>
    public static readonly TaskLayout Wide = new(4, 32, 72, 6, 96, 103);

    /// <summary>The layout for a descriptor type.</summary>
    public static TaskLayout Of(int type) => (type & 8) != 0 ? Wide : Narrow;
}
