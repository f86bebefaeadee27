namespace Ringmaster.Devices.Storage.Ata;

/// <summary>How a command moves data (ATA8-ACS section 4).</summary>
public enum AtaProtocol
{
    /// <summary>Not at all.</summary>
    NonData,

    /// <summary>To the host by programmed I/O.</summary>
    PioIn,

    /// <summary>From the host by programmed I/O.</summary>
    PioOut,

    /// <summary>To the host by DMA.</summary>
    DmaIn,

    /// <summary>From the host by DMA.</summary>
    DmaOut,

    /// <summary>By DMA, while other such commands are outstanding.</summary>
    Queued,

    /// <summary>A packet from the host, then its answer to the host, by programmed I/O.</summary>
    Packet,

    /// <summary>The answer of a packet by DMA.</summary>
    PacketDma,
}
