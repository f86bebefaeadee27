namespace Ringmaster.Backends.Disks.Qcow2.Snapshots;

/// <summary>A snapshot inside an image (QEMU, docs/interop/qcow2.txt, Snapshots).</summary>
/// <param name="Id">Unique within the image; usually a number.</param>
/// <param name="Name">As the user chose it; need not be unique.</param>
/// <param name="L1Offset">Where its L1 table lies in the file.</param>
/// <param name="L1Size">Entries of its L1 table.</param>
internal sealed record Qcow2Snapshot(string Id, string Name, long L1Offset, int L1Size)
{
    /// <summary>Seconds since 1970.</summary>
    internal uint Seconds { get; init; }

    internal uint Nanoseconds { get; init; }

    /// <summary>How long the guest had been running, in nanoseconds.</summary>
    internal ulong GuestTime { get; init; }

    /// <summary>Bytes of a saved machine, which lie behind the end of the disk.</summary>
    internal ulong MachineStateSize { get; init; }

    /// <summary>Bytes of the disk then; null if the image does not say.</summary>
    internal long? Size { get; init; }

    /// <summary>What follows the disk's size, kept as it is.</summary>
    internal byte[] OtherExtra { get; init; } = [];
}
