using Ringmaster.Devices.Storage.Ata;

namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>What a port must know of a command when the disk has done its part, as the tag of a <see cref="BlockJob"/>.</summary>
/// <param name="Slot">The command's slot, 0 to 31.</param>
/// <param name="Protocol">How it moves data.</param>
/// <param name="Length">Bytes that it moves.</param>
internal readonly record struct AhciTag(int Slot, AtaProtocol Protocol, int Length)
{
    /// <summary>The tag as a number.</summary>
    public ulong Value => (uint)Slot | (ulong)Protocol << 8 | (ulong)(uint)Length << 16;

    /// <summary>Whether it is a queued command.</summary>
    public bool IsQueued => Protocol == AtaProtocol.Queued;

    /// <summary>Whether it is a packet.</summary>
    public bool IsPacket => Protocol is AtaProtocol.Packet or AtaProtocol.PacketDma;

    /// <summary>Takes a number apart, whatever it is.</summary>
    public static AhciTag From(ulong value)
    {
        var protocol = (AtaProtocol)(value >> 8 & 0xFF);
        return new((int)(value & 31), Enum.IsDefined(protocol) ? protocol : AtaProtocol.NonData, (int)(value >> 16 & 0x3FFF_FFFF));
    }
}
