namespace Ringmaster.Backends.Disks.Qcow2.Format;

/// <summary>The feature bits of a version 3 header (QEMU, docs/interop/qcow2.txt, Header).</summary>
internal static class Qcow2Features
{
    /// <summary>Incompatible: reference counts may be wrong.</summary>
    internal const ulong Dirty = 1 << 0;

    /// <summary>Incompatible: the image is damaged and may only be repaired.</summary>
    internal const ulong Corrupt = 1 << 1;

    /// <summary>Incompatible: guest data lies in a file of its own.</summary>
    internal const ulong ExternalData = 1 << 2;

    /// <summary>Incompatible: compressed clusters are not deflate's.</summary>
    internal const ulong CompressionType = 1 << 3;

    /// <summary>Incompatible: L2 entries are 16 bytes, with bits for parts of clusters.</summary>
    internal const ulong ExtendedL2 = 1 << 4;

    /// <summary>Compatible: reference counts may be left wrong while the dirty bit is set.</summary>
    internal const ulong LazyRefcounts = 1 << 0;

    /// <summary>Cleared by writers that do not know it: dirty bitmaps are up to date.</summary>
    internal const ulong Bitmaps = 1 << 0;

    private const ulong Known = Dirty | Corrupt | CompressionType;

    /// <summary>Names the incompatible features of an image that this program does not have.</summary>
    /// <param name="incompatible">The bits.</param>
    /// <param name="names">What the image itself calls its features, by bit.</param>
    internal static IEnumerable<string> Unsupported(ulong incompatible, IReadOnlyDictionary<int, string> names)
    {
        for (var bit = 0; bit < 64; bit++)
        {
            if ((incompatible & ~Known & (1UL << bit)) == 0)
                continue;
            yield return (1UL << bit) switch
            {
                ExternalData => "an external data file",
                ExtendedL2 => "extended L2 entries (subclusters)",
                _ => names.TryGetValue(bit, out var name) ? $"\"{name}\"" : $"unknown feature {bit}",
            };
        }
    }
}
