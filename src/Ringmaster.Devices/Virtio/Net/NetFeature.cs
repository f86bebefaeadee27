namespace Ringmaster.Devices.Virtio.Net;

/// <summary>Feature bits of network devices (virtio 1.2 section 5.1.3), as masks.</summary>
internal static class NetFeature
{
    /// <summary>The device fills in checksums.</summary>
    public const ulong Checksum = 1UL << 0;

    /// <summary>The driver takes frames without their checksum.</summary>
    public const ulong GuestChecksum = 1UL << 1;

    /// <summary>The driver can change what it takes while it runs.</summary>
    public const ulong ControlGuestOffloads = 1UL << 2;

    /// <summary>The device tells the largest packet of the link.</summary>
    public const ulong Mtu = 1UL << 3;

    /// <summary>The device has an address.</summary>
    public const ulong Mac = 1UL << 5;

    /// <summary>The driver takes TCP over IPv4 that is not cut.</summary>
    public const ulong GuestTso4 = 1UL << 7;

    /// <summary>The driver takes TCP over IPv6 that is not cut.</summary>
    public const ulong GuestTso6 = 1UL << 8;

    /// <summary>The driver takes such TCP with a reduced window reported.</summary>
    public const ulong GuestEcn = 1UL << 9;

    /// <summary>The device cuts TCP over IPv4.</summary>
    public const ulong HostTso4 = 1UL << 11;

    /// <summary>The device cuts TCP over IPv6.</summary>
    public const ulong HostTso6 = 1UL << 12;

    /// <summary>The device cuts TCP with a reduced window reported.</summary>
    public const ulong HostEcn = 1UL << 13;

    /// <summary>A frame may go into several of the driver's buffers.</summary>
    public const ulong MergeableBuffers = 1UL << 15;

    /// <summary>The device tells whether the link is up.</summary>
    public const ulong Status = 1UL << 16;

    /// <summary>There is a control queue.</summary>
    public const ulong ControlQueue = 1UL << 17;

    /// <summary>It takes reception modes and tables of addresses.</summary>
    public const ulong ControlReception = 1UL << 18;

    /// <summary>It takes VLANs.</summary>
    public const ulong ControlVlan = 1UL << 19;

    /// <summary>It takes further reception modes.</summary>
    public const ulong ControlReceptionExtra = 1UL << 20;

    /// <summary>The driver can be asked to announce itself on the network.</summary>
    public const ulong GuestAnnounce = 1UL << 21;

    /// <summary>There are several pairs of queues.</summary>
    public const ulong MultiQueue = 1UL << 22;

    /// <summary>The control queue takes the device's address.</summary>
    public const ulong ControlMac = 1UL << 23;

    /// <summary>The driver takes UDP over IPv4 that is not cut.</summary>
    public const ulong GuestUso4 = 1UL << 54;

    /// <summary>The driver takes UDP over IPv6 that is not cut.</summary>
    public const ulong GuestUso6 = 1UL << 55;

    /// <summary>The device cuts UDP.</summary>
    public const ulong HostUso = 1UL << 56;

    /// <summary>The device reports each frame's hash.</summary>
    public const ulong HashReport = 1UL << 57;

    /// <summary>The driver says by hash which frame goes to which queue.</summary>
    public const ulong Rss = 1UL << 60;

    /// <summary>What the driver takes, which it can change (section 5.1.6.5.6.1).</summary>
    public const ulong GuestOffloads = GuestChecksum | GuestTso4 | GuestTso6 | GuestEcn | GuestUso4 | GuestUso6;

    /// <summary>What every network device here offers.</summary>
    public const ulong Offered = GuestOffloads | Checksum | ControlGuestOffloads | Mac | HostTso4 | HostTso6 | HostEcn | HostUso | MergeableBuffers
        | Status | ControlQueue | ControlReception | ControlVlan | ControlReceptionExtra | GuestAnnounce | ControlMac;

    /// <summary>What one with several pairs of queues offers beyond that.</summary>
    public const ulong OfferedWithPairs = MultiQueue | HashReport | Rss;
}
