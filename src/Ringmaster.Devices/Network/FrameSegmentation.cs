namespace Ringmaster.Devices.Network;

/// <summary>How a frame larger than the wire's is to be cut (virtio 1.2 section 5.1.6, VIRTIO_NET_HDR_GSO_*).</summary>
/// <remarks>
/// VIRTIO_NET_HDR_GSO_UDP (3), which would cut one datagram into IP fragments, is not among them: devices do not offer
/// VIRTIO_NET_F_HOST_UFO, and Linux neither has it any more.
/// </remarks>
public enum FrameSegmentation : byte
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Into TCP segments over IPv4.</summary>
    Tcp4 = 1,

    /// <summary>Into TCP segments over IPv6.</summary>
    Tcp6 = 4,

    /// <summary>Into several UDP datagrams, each with the headers of the whole (VIRTIO_NET_HDR_GSO_UDP_L4).</summary>
    Udp = 5,

    /// <summary>Added to the TCP ones where the congestion window reduced flag may be set (VIRTIO_NET_HDR_GSO_ECN).</summary>
    Ecn = 0x80,
}
