using Ringmaster.Backends.Disks.Qcow2.Format;

namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>A run of the disk that lies together in the file, or nowhere.</summary>
/// <param name="Entry">That of the run's first cluster.</param>
/// <param name="HostOffset">For uncompressed data, where the run's first byte lies in the file.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct Qcow2Run(L2Entry Entry, long HostOffset, long Length);
