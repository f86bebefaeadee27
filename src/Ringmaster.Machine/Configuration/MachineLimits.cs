namespace Ringmaster.Machine.Configuration;

/// <summary>What this version can build.</summary>
public static class MachineLimits
{
    /// <summary>RAM of a machine that does not say.</summary>
    public static ByteSize DefaultMemory { get; } = ByteSize.FromMebibytes(512);

    /// <summary>Least RAM for a kernel: below it, Linux has no room to unpack itself.</summary>
    public static ByteSize LeastMemory { get; } = ByteSize.FromMebibytes(32);

    /// <summary>Least RAM for a binary that starts in real mode: the first mebibyte and one more.</summary>
    public static ByteSize LeastRealModeMemory { get; } = ByteSize.FromMebibytes(2);

    /// <summary>Most RAM: 1 TiB, what 40 address bits reach.</summary>
    public static ByteSize MostMemory { get; } = ByteSize.FromMebibytes(1024 * 1024);

    /// <summary>Most vCPUs.</summary>
    public const int MostCpus = 16;

    /// <summary>Most disks: as many as a PC's bus has places to spare.</summary>
    public const int MostDisks = 24;

    /// <summary>Most diskette drives.</summary>
    public const int MostFloppies = 2;

    /// <summary>Most ports of the virtio console.</summary>
    public const int MostConsoles = 16;

    /// <summary>Most serial ports: those that a PC's BIOS knows.</summary>
    public const int MostSerials = 4;

    /// <summary>Most network devices.</summary>
    public const int MostNetworks = 8;
}
