using Ringmaster.Memory;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>
/// Where a fuzz guest's things are. RAM has holes, which the host has reserved and not mapped: an access of the engine to
/// what is not RAM ends the process, so no guard bytes are needed.
/// </summary>
internal static class Layout
{
    public const ulong InterruptVectors = 0, Gdt = 0x2000, Idt = 0x3000, TaskState = 0x5000, PortMap = 0x5068, Ldt = 0x7000,
        Code = 0x8000, CodeEnd = 0x1_0000, Stack = 0x1_0000, Data = 0x1_8000, Tables = 0x2_0000, TablesEnd = 0x2_5000, LowEnd = 0x4_0000,
        Extended = 0x10_0000, ExtendedEnd = 0x12_0000, High = 0x1_0000_0000, HighEnd = 0x1_0000_4000;

    /// <summary>RAM, with holes inside and behind; the last page only makes the reservation longer.</summary>
    public static RamRange[] Ranges =>
    [
        new(new(0), LowEnd), new(new(Extended), ExtendedEnd - Extended), new(new(High), HighEnd - High),
        new(new(HighEnd + 0x100_0000), 0x1000),
    ];

    /// <summary>A page of RAM, or now and then of something else.</summary>
    public static ulong AnyPage(FuzzRandom random) => random.Below(16) switch
    {
        < 10 => (ulong)random.Below((int)(LowEnd >> 12)) << 12,
        < 13 => Extended + ((ulong)random.Below((int)((ExtendedEnd - Extended) >> 12)) << 12),
        13 => High + ((ulong)random.Below(4) << 12),
        14 => random.Pick(0xA_0000UL, 0xFEE0_0000, 0xFEC0_0000, LowEnd, ExtendedEnd, HighEnd),
        _ => random.Next() & 0xF_FFFF_FFFF_F000,
    };
}
