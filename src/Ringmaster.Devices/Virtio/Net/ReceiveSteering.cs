using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Virtio.Net;

/// <summary>
/// Decides which pair of queues a frame goes to: the one by which the driver last sent frames of the same flow (virtio 1.2 section
/// 5.1.6.5.5), or the one that the driver has put into a table for the frame's hash (section 5.1.6.5.7).
/// </summary>
/// <param name="mostPairs">Pairs that there are.</param>
internal sealed class ReceiveSteering(int mostPairs)
{
    /// <summary>Bytes of the key at most.</summary>
    public const int KeyLength = 40;

    /// <summary>Entries of the table at most.</summary>
    public const int TableLength = 128;

    /// <summary>What can be hashed: IPv4, TCP and UDP over it, the same for IPv6 (section 5.1.6.4.3.1).</summary>
    public const uint KnownTypes = 0x3F;

    private const int Ip = 0, Tcp = 1, Udp = 2, Version6Types = 3, FlowCount = 256, PortBytes = 4;

    private readonly byte[] _key = new byte[KeyLength], _flows = new byte[FlowCount];
    private ushort[] _table = [0];
    private ushort _unclassified;
    private uint _hashTypes;
    private bool _isByHash;

    /// <summary>Pairs in use, unless the table decides.</summary>
    public int Pairs { get; private set; } = 1;

    public void Reset()
    {
        (Pairs, _isByHash, _hashTypes, _table, _unclassified) = (1, false, 0, [0], 0);
        Array.Clear(_key);
        Array.Clear(_flows);
    }

    /// <summary>The driver uses so many pairs, and leaves it to the device which.</summary>
    /// <returns>False if there are not so many.</returns>
    public bool TrySetPairs(int pairs)
    {
        if (pairs < 1 || pairs > mostPairs)
            return false;
        (Pairs, _isByHash) = (pairs, false);
        return true;
    }

    /// <summary>The driver says by hash where frames go.</summary>
    /// <returns>False if it makes no sense.</returns>
    public bool TrySetTable(uint hashTypes, ushort[] table, ushort unclassified, ReadOnlySpan<byte> key)
    {
        if (table.Length is 0 or > TableLength || !int.IsPow2(table.Length) || unclassified >= mostPairs || table.Any(p => p >= mostPairs)
            || !TrySetHash(hashTypes, key))
            return false;
        (_isByHash, _table, _unclassified) = (true, table, unclassified);
        return true;
    }

    /// <summary>The driver says what hashes are to be reported.</summary>
    /// <returns>False if it makes no sense.</returns>
    public bool TrySetHash(uint hashTypes, ReadOnlySpan<byte> key)
    {
        if ((hashTypes & ~KnownTypes) != 0 || key.Length > KeyLength)
            return false;
        _hashTypes = hashTypes;
        Array.Clear(_key);
        key.CopyTo(_key);
        return true;
    }

    /// <summary>The driver has sent a frame by a pair.</summary>
    public void Learn(ReadOnlySpan<byte> frame, int pair)
    {
        if (Pairs > 1 && !_isByHash && FrameLayout.TryFind(frame, out var layout))
            _flows[FlowOf(frame, layout)] = (byte)pair;
    }

    /// <summary>Where a frame goes, and its hash with what was hashed as the header has it: 0 for none.</summary>
    public (int Pair, uint Hash, ushort Report) Choose(ReadOnlySpan<byte> frame)
    {
        if ((Pairs == 1 && !_isByHash && _hashTypes == 0) || !FrameLayout.TryFind(frame, out var layout))
            return (_isByHash ? _unclassified : 0, 0, 0);
        var (hash, report) = Hash(frame, layout);
        var pair = !_isByHash ? _flows[FlowOf(frame, layout)] : report == 0 ? _unclassified : _table[hash & (uint)(_table.Length - 1)];
        return (_isByHash || pair < Pairs ? pair : 0, hash, report);
    }

    public ReceiveSteeringState Capture() => new(Pairs, _isByHash, _hashTypes, _table, _unclassified, [.. _key], [.. _flows]);

    /// <summary>Looks whether a state has the right shape.</summary>
    public static void Check(ReceiveSteeringState state)
    {
        if (state.Key.Length != KeyLength || state.Flows.Length != FlowCount || state.Table.Length is 0 or > TableLength || !int.IsPow2(state.Table.Length))
            throw new SavedStateException("The saved state of a network device has tables of the wrong lengths.");
    }

    public void Apply(ReceiveSteeringState state)
    {
        Pairs = Math.Clamp(state.Pairs, 1, mostPairs);
        _hashTypes = state.HashTypes & KnownTypes;
        _isByHash = state.IsByHash;
        _table = [.. state.Table.Select(Legal)];
        _unclassified = Legal(state.Unclassified);
        state.Key.CopyTo(_key, 0);
        for (var i = 0; i < FlowCount; i++)
            _flows[i] = (byte)Legal(state.Flows[i]);
    }

    private ushort Legal(ushort pair) => pair < mostPairs ? pair : (ushort)0;

    private (uint Hash, ushort Report) Hash(ReadOnlySpan<byte> frame, in FrameLayout layout)
    {
        var first = layout.IsVersion6 ? Version6Types : 0;
        var type = PortsOf(frame, layout).IsEmpty ? Ip : layout.Protocol == FrameLayout.Tcp ? Tcp : Udp;
        if ((_hashTypes >> (first + type) & 1) == 0)
            type = Ip;
        if ((_hashTypes >> (first + type) & 1) == 0)
            return (0, 0);
        Span<byte> input = stackalloc byte[32 + PortBytes];
        var addresses = AddressesOf(frame, layout);
        addresses.CopyTo(input);
        var ports = type == Ip ? default : PortsOf(frame, layout);
        ports.CopyTo(input[addresses.Length..]);
        return (ToeplitzHash.Of(_key, input[..(addresses.Length + ports.Length)]), (ushort)(first + type + 1));
    }

    /// <summary>The same for both directions of a flow.</summary>
    private static byte FlowOf(ReadOnlySpan<byte> frame, in FrameLayout layout)
    {
        uint mixed = layout.Protocol;
        foreach (var word in MemoryMarshal.Cast<byte, uint>(AddressesOf(frame, layout)))
            mixed ^= word;
        if (PortsOf(frame, layout) is { IsEmpty: false } ports)
            mixed ^= (uint)(BinaryPrimitives.ReadUInt16BigEndian(ports) ^ BinaryPrimitives.ReadUInt16BigEndian(ports[2..]));
        // Fibonacci hashing: the upper bits depend on all.
        return (byte)(mixed * 0x9E37_79B1 >> 24);
    }

    private static ReadOnlySpan<byte> AddressesOf(ReadOnlySpan<byte> frame, in FrameLayout layout) =>
        layout.IsVersion6 ? frame.Slice(layout.Network + 8, 32) : frame.Slice(layout.Network + 12, 8);

    private static ReadOnlySpan<byte> PortsOf(ReadOnlySpan<byte> frame, in FrameLayout layout) =>
        layout.Protocol is FrameLayout.Tcp or FrameLayout.Udp && layout.Transport + PortBytes <= frame.Length ? frame.Slice(layout.Transport, PortBytes) : default;
}
