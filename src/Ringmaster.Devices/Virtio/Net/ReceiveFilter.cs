using System.Buffers.Binary;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Virtio.Net;

/// <summary>Decides which frames a driver wants to see (virtio 1.2 sections 5.1.6.5.1 to 5.1.6.5.3).</summary>
internal sealed class ReceiveFilter
{
    /// <summary>Addresses of a table; with more of them all are let through, and the driver sorts them out.</summary>
    public const int MostAddresses = 64;

    private const int VlanBytes = 512, TypeOffset = 12, TagOffset = 14, VlanMask = 0xFFF;
    private const ushort TagType = 0x8100;
    private const int AllModes = 0x3F;
    private const ulong Broadcast = 0xFFFF_FFFF_FFFF;

    private readonly List<ulong> _unicast = [], _multicast = [];
    private readonly byte[] _vlans = new byte[VlanBytes];
    private bool _isUnicastFull, _isMulticastFull;
    private int _modes;

    public ReceiveFilter() => Reset();

    /// <summary>Lets everything through, as for drivers that do not know of filters.</summary>
    public void Reset()
    {
        _modes = 1 << (int)ReceiveMode.Promiscuous;
        _unicast.Clear();
        _multicast.Clear();
        (_isUnicastFull, _isMulticastFull) = (false, false);
        Array.Clear(_vlans);
    }

    public void Set(ReceiveMode mode, bool isOn) => _modes = isOn ? _modes | 1 << (int)mode : _modes & ~(1 << (int)mode);

    /// <summary>Empties both tables.</summary>
    public void ClearAddresses()
    {
        _unicast.Clear();
        _multicast.Clear();
        (_isUnicastFull, _isMulticastFull) = (false, false);
    }

    /// <summary>Replaces a table.</summary>
    public void SetAddresses(bool isMulticast, IEnumerable<ulong> addresses)
    {
        var table = isMulticast ? _multicast : _unicast;
        table.Clear();
        table.AddRange(addresses);
    }

    /// <summary>A table would not hold what the driver has.</summary>
    public void SetFull(bool isMulticast)
    {
        if (isMulticast)
            _isMulticastFull = true;
        else
            _isUnicastFull = true;
    }

    public void SetVlan(int vlan, bool isOn)
    {
        ref var bits = ref _vlans[vlan / 8];
        bits = (byte)(isOn ? bits | 1 << (vlan % 8) : bits & ~(1 << (vlan % 8)));
    }

    /// <summary>Whether the driver wants to see a frame, of at least an Ethernet header.</summary>
    public bool Passes(ReadOnlySpan<byte> frame, MacAddress own, bool filtersVlans)
    {
        if (Has(ReceiveMode.Promiscuous))
            return true;
        if (filtersVlans && BinaryPrimitives.ReadUInt16BigEndian(frame[TypeOffset..]) == TagType && !PassesVlan(frame))
            return false;
        var to = MacAddress.Read(frame);
        if (to.Value == Broadcast)
            return !Has(ReceiveMode.NoBroadcast);
        return to.IsGroup
            ? !Has(ReceiveMode.NoMulticast) && (Has(ReceiveMode.AllMulticast) || _isMulticastFull || _multicast.Contains(to.Value))
            : !Has(ReceiveMode.NoUnicast) && (to == own || Has(ReceiveMode.AllUnicast) || _isUnicastFull || _unicast.Contains(to.Value));
    }

    public ReceiveFilterState Capture() => new(_modes, [.. _unicast], [.. _multicast], _isUnicastFull, _isMulticastFull, [.. _vlans]);

    /// <summary>Looks whether a state has the right shape.</summary>
    public static void Check(ReceiveFilterState state)
    {
        if (state.Vlans.Length != VlanBytes || state.Unicast.Length > MostAddresses || state.Multicast.Length > MostAddresses)
            throw new SavedStateException($"The saved state of a network device does not have {VlanBytes} bytes of VLANs and at most {MostAddresses} addresses.");
    }

    public void Apply(ReceiveFilterState state)
    {
        _modes = state.Modes & AllModes;
        SetAddresses(isMulticast: false, state.Unicast.Select(a => a & Broadcast));
        SetAddresses(isMulticast: true, state.Multicast.Select(a => a & Broadcast));
        (_isUnicastFull, _isMulticastFull) = (state.IsUnicastFull, state.IsMulticastFull);
        state.Vlans.CopyTo(_vlans, 0);
    }

    private bool Has(ReceiveMode mode) => (_modes & 1 << (int)mode) != 0;

    private bool PassesVlan(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < TagOffset + 2)
            return false;
        var vlan = BinaryPrimitives.ReadUInt16BigEndian(frame[TagOffset..]) & VlanMask;
        return (_vlans[vlan / 8] & 1 << (vlan % 8)) != 0;
    }
}
