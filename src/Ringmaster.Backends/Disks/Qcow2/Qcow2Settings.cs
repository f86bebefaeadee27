using Ringmaster.Backends.Disks.Qcow2.Format;

namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>What a new image shall be.</summary>
/// <param name="Size">Bytes of the disk.</param>
internal sealed record Qcow2Settings(long Size)
{
    internal int Version { get; init; } = 3;

    internal int ClusterBits { get; init; } = 16;

    internal int RefcountOrder { get; init; } = 4;

    internal bool LazyRefcounts { get; init; }

    internal Qcow2Compression Compression { get; init; }

    internal string? BackingFile { get; init; }

    internal string? BackingFormat { get; init; }
}
