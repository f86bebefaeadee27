namespace Ringmaster.Devices.Network;

/// <summary>How a frame larger than the wire's is to be cut (virtio 1.2 section 5.1.6, VIRTIO_NET_HDR_GSO_*).</summary>
public enum FrameSegmentation : byte
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Into TCP segments over IPv4.</summary>
    Tcp4 = 1,

    /// <summary>Into TCP segments over IPv6.</summary>
    Tcp6 = 4,

    /// <summary>Into UDP datagrams.</summary>
    Udp = 5,
}
