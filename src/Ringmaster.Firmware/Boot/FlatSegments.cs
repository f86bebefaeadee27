using System.Buffers.Binary;
using Ringmaster.Cpu.State;

namespace Ringmaster.Firmware.Boot;

/// <summary>
/// The GDT of a direct boot: flat code at selector 0x10 and flat data at 0x18, as the Linux 32-bit and 64-bit boot protocols
/// want them (Documentation/arch/x86/boot.rst); other protocols leave the selectors open.
/// </summary>
internal static class FlatSegments
{
    public const ushort CodeSelector = 0x10, DataSelector = 0x18;

    /// <summary>Granular, 32-bit or 64-bit, present, executable, readable, accessed (SDM 3A 3.4.5).</summary>
    private const uint Code32 = 0xC09B, Code64 = 0xA09B, Data = 0xC093;

    public static byte[] Table(bool is64Bit)
    {
        var table = new byte[4 * 8];
        BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(CodeSelector), Descriptor(is64Bit ? Code64 : Code32));
        BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(DataSelector), Descriptor(Data));
        return table;
    }

    public static Segment CodeSegment(bool is64Bit) =>
        new(CodeSelector, 0, uint.MaxValue, new SegmentAttributes(is64Bit ? Code64 : Code32));

    public static Segment DataSegment() => new(DataSelector, 0, uint.MaxValue, new SegmentAttributes(Data));

    private static ulong Descriptor(uint attributes) => 0x000F_0000_0000_FFFFul | (ulong)attributes << 40;
}
