namespace Ringmaster.Devices.Virtio;

/// <summary>Device types (virtio 1.2 chapter 5).</summary>
public enum VirtioType : ushort
{
    /// <summary>Network card.</summary>
    Net = 1,

    /// <summary>Block device.</summary>
    Block = 2,

    /// <summary>Console.</summary>
    Console = 3,

    /// <summary>Entropy source.</summary>
    Rng = 4,

    /// <summary>Memory balloon.</summary>
    Balloon = 5,

    /// <summary>9P transport.</summary>
    NineP = 9,

    /// <summary>GPU.</summary>
    Gpu = 16,

    /// <summary>Input device.</summary>
    Input = 18,

    /// <summary>Socket.</summary>
    Vsock = 19,

    /// <summary>File system.</summary>
    FileSystem = 26,
}
