namespace Ringmaster.Backends.Disks.Qcow2.Format;

/// <summary>How compressed clusters are compressed.</summary>
internal enum Qcow2Compression : byte
{
    /// <summary>Raw deflate (RFC 1951) with a window of 4 KiB.</summary>
    Deflate = 0,

    /// <summary>Zstandard (RFC 8878).</summary>
    Zstandard = 1,
}
