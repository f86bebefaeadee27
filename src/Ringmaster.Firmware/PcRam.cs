using Ringmaster.Memory;

namespace Ringmaster.Firmware;

/// <summary>RAM as firmware describes it: the hole for legacy video memory and the BIOS's area count as part of the RAM around them.</summary>
internal static class PcRam
{
    private const ulong VideoStart = 0xA0000, BiosEnd = 0x10_0000;

    public static IReadOnlyList<RamRange> JoinAcrossVideoHole(IEnumerable<RamRange> ram)
    {
        var joined = new List<RamRange>();
        foreach (var range in ram.OrderBy(r => r.Start.Value))
        {
            if (joined.Count > 0 && joined[^1].End.Value >= VideoStart && range.Start.Value < BiosEnd)
                joined[^1] = joined[^1] with { Length = range.End - joined[^1].Start };
            else
                joined.Add(range);
        }
        return joined;
    }

    public static ulong Size(IEnumerable<RamRange> ram) => ram.Aggregate(0ul, (sum, range) => sum + range.Length);
}
