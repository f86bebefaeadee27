using System.Buffers.Binary;
using static Ringmaster.Devices.Network.E1000.E1000Register;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>Decides which frames are for the card (Software Developer's Manual section 3.2.1).</summary>
/// <param name="registers">Addresses and tables.</param>
internal sealed class E1000Filter(E1000Registers registers)
{
    public const ulong Broadcast = 0xFFFF_FFFF_FFFF;

    private const uint AllUnicast = 1 << 3, AllMulticast = 1 << 4, AcceptsBroadcast = 1 << 15, FiltersVlans = 1 << 18, FiltersCanonical = 1 << 19,
        CanonicalValue = 1 << 20;
    private const uint IsValid = 1u << 31, Selector = 3 << 16;
    private const int TypeOffset = 12, TagOffset = 14, CanonicalBit = 12, VlanMask = 0xFFF;

    private uint Modes => registers[ReceiveControl];

    /// <summary>Whether a frame of at least 18 bytes carries a VLAN tag.</summary>
    public bool IsTagged(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16BigEndian(frame[TypeOffset..]) == (ushort)registers[VlanType];

    public bool Passes(ReadOnlySpan<byte> frame)
    {
        if ((Modes & FiltersVlans) != 0 && IsTagged(frame) && !PassesVlan(BinaryPrimitives.ReadUInt16BigEndian(frame[TagOffset..])))
            return false;
        var to = MacAddress.Read(frame);
        if (to.Value == Broadcast && (Modes & AcceptsBroadcast) != 0)
            return true;
        if ((Modes & (to.IsGroup ? AllMulticast : AllUnicast)) != 0)
            return true;
        return IsListed(frame) || (to.IsGroup && to.Value != Broadcast && IsHashed(frame));
    }

    /// <summary>Whether the card knows the address itself, so that software need not compare it.</summary>
    public bool IsExact(ReadOnlySpan<byte> frame) => MacAddress.Read(frame).Value == Broadcast || IsListed(frame);

    private bool PassesVlan(ushort tag)
    {
        if ((Modes & FiltersCanonical) != 0 && (tag >> CanonicalBit & 1) != ((Modes & CanonicalValue) != 0 ? 1 : 0))
            return false;
        var vlan = tag & VlanMask;
        return (registers[VlanTable + 4 * (vlan >> 5)] >> (vlan & 31) & 1) != 0;
    }

    private bool IsListed(ReadOnlySpan<byte> frame)
    {
        var (low, high) = (BinaryPrimitives.ReadUInt32LittleEndian(frame), BinaryPrimitives.ReadUInt16LittleEndian(frame[4..]));
        for (var at = Addresses; at < Addresses + 8 * AddressCount; at += 8)
        {
            var upper = registers[at + 4];
            if ((upper & (IsValid | Selector)) == IsValid && (ushort)upper == high && registers[at] == low)
                return true;
        }
        return false;
    }

    /// <summary>Twelve bits of the address's last two bytes; which ones the multicast offset says (section 13.4.22).</summary>
    private bool IsHashed(ReadOnlySpan<byte> frame)
    {
        var shift = (Modes >> 12 & 3) switch { 0 => 4, 1 => 3, 2 => 2, _ => 0 };
        var hash = BinaryPrimitives.ReadUInt16LittleEndian(frame[4..]) >> shift & 0xFFF;
        return (registers[MulticastTable + 4 * (hash >> 5)] >> (hash & 31) & 1) != 0;
    }
}
