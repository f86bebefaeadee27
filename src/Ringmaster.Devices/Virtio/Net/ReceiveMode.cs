namespace Ringmaster.Devices.Virtio.Net;

/// <summary>Reception modes, by the numbers of the commands that turn them on and off (virtio 1.2 section 5.1.6.5.1).</summary>
internal enum ReceiveMode
{
    /// <summary>Everything is let through.</summary>
    Promiscuous = 0,

    /// <summary>Everything for groups.</summary>
    AllMulticast = 1,

    /// <summary>Everything for single stations.</summary>
    AllUnicast = 2,

    /// <summary>Nothing for groups.</summary>
    NoMulticast = 3,

    /// <summary>Nothing for single stations.</summary>
    NoUnicast = 4,

    /// <summary>Nothing for all.</summary>
    NoBroadcast = 5,
}
