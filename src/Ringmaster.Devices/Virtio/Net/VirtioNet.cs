using System.Buffers.Binary;
using System.Text.Json;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Virtio.Net;

/// <summary>
/// A network card (virtio 1.2 section 5.1). Frames go out as the driver left them to a back end that takes them so, otherwise
/// finished; frames come in as the driver takes them.
/// </summary>
public sealed partial class VirtioNet : VirtioDevice
{
    /// <summary>Its class for the transport: an Ethernet controller.</summary>
    public const uint PciClass = 0x02_0000;

    private const int RingSize = 256, ControlRingSize = 64, EthernetHeader = 14, ShortestMtu = 68;
    private const int ConfigMac = 0, ConfigStatus = 6, ConfigPairs = 8, ConfigMtu = 10, ConfigKeyLength = 17, ConfigTableLength = 18, ConfigHashTypes = 20;
    private const ushort LinkUp = 1, Announcing = 2;
    private const ulong ManyPairs = NetFeature.MultiQueue | NetFeature.Rss;

    private readonly VirtioNetOptions _options;
    private readonly INetworkBackend _backend;
    private readonly FrameFinisher _finisher = new();
    private readonly ReceiveFilter _filter = new();
    private readonly ReceiveSteering _steering;
    private readonly ReceiveBuffers[] _buffers;
    private readonly FrameSink _sendFinished, _placeFinished;
    private MacAddress _mac;
    private bool _isLinkUp = true, _isAnnouncing;
    private ulong _guestOffloads = NetFeature.GuestOffloads;

    /// <summary>Creates the card.</summary>
    /// <param name="options">What it is to be like.</param>
    /// <param name="backend">What it is plugged into. The machine connects its receiver to <see cref="Receive"/>, taking its lock.</param>
    /// <exception cref="ArgumentOutOfRangeException">There cannot be such a card.</exception>
    public VirtioNet(VirtioNetOptions options, INetworkBackend backend)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(backend);
        if (options.QueuePairs is < 1 or > VirtioNetOptions.MostPairs)
            throw new ArgumentOutOfRangeException(nameof(options), options.QueuePairs, $"A network card has 1 to {VirtioNetOptions.MostPairs} pairs of queues.");
        if (options.Mac.IsGroup || options.Mac.Value is 0 or > 0xFFFF_FFFF_FFFF)
            throw new ArgumentOutOfRangeException(nameof(options), options.Mac, "A network card has the address of one station.");
        if (options.Mtu < ShortestMtu)
            throw new ArgumentOutOfRangeException(nameof(options), options.Mtu, $"A link's largest packet has at least {ShortestMtu} bytes.");
        (_options, _backend, _mac) = (options, backend, options.Mac);
        _steering = new ReceiveSteering(options.QueuePairs);
        _buffers = [.. Enumerable.Range(0, options.QueuePairs).Select(_ => new ReceiveBuffers())];
        (_sendFinished, _placeFinished) = (SendFinished, PlaceFinished);
        QueueSizes = [.. Enumerable.Repeat(RingSize, 2 * options.QueuePairs), ControlRingSize];
        Features = NetFeature.Offered | (options.QueuePairs > 1 ? NetFeature.OfferedWithPairs : 0) | (options.Mtu is null ? 0 : NetFeature.Mtu);
    }

    /// <inheritdoc/>
    public override VirtioType Type => VirtioType.Net;

    /// <inheritdoc/>
    public override ulong Features { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> QueueSizes { get; }

    /// <inheritdoc/>
    public override int ConfigLength => ConfigHashTypes + sizeof(uint);

    /// <summary>Its address, which the driver may have changed.</summary>
    public MacAddress Mac => _mac;

    /// <summary>Whether the cable is plugged in; it is at first. The driver is told. Frames are lost while it is not.</summary>
    public bool IsLinkUp
    {
        get => _isLinkUp;
        set
        {
            if (_isLinkUp == value)
                return;
            _isLinkUp = value;
            ConfigChanged();
            // What was kept for the guest is lost with the link.
            _backend.ReceiverReady();
        }
    }

    private int PairCount => (Agreed & ManyPairs) != 0 ? _options.QueuePairs : 1;

    /// <summary>Asks the driver to announce itself, as after it has moved to another place in the network (section 5.1.6.5.4).</summary>
    public void Announce()
    {
        const ulong needed = NetFeature.GuestAnnounce | NetFeature.ControlQueue;
        if (!IsRunning || (Agreed & needed) != needed)
            return;
        _isAnnouncing = true;
        ConfigChanged();
    }

    /// <inheritdoc/>
    public override void ReadConfig(Span<byte> config)
    {
        _mac.Write(config[ConfigMac..]);
        BinaryPrimitives.WriteUInt16LittleEndian(config[ConfigStatus..], (ushort)((_isLinkUp ? LinkUp : 0) | (_isAnnouncing ? Announcing : 0)));
        BinaryPrimitives.WriteUInt16LittleEndian(config[ConfigPairs..], (ushort)_options.QueuePairs);
        BinaryPrimitives.WriteUInt16LittleEndian(config[ConfigMtu..], _options.Mtu ?? 0);
        if ((Features & NetFeature.Rss) == 0)
            return;
        config[ConfigKeyLength] = ReceiveSteering.KeyLength;
        BinaryPrimitives.WriteUInt16LittleEndian(config[ConfigTableLength..], ReceiveSteering.TableLength);
        BinaryPrimitives.WriteUInt32LittleEndian(config[ConfigHashTypes..], ReceiveSteering.KnownTypes);
    }

    /// <summary>Legacy drivers set the address here (section 5.1.4.3).</summary>
    public override void WriteConfig(int offset, ReadOnlySpan<byte> bytes)
    {
        if (offset >= MacAddress.Size || (Agreed & (VirtioFeature.Version1 | NetFeature.ControlMac)) != 0)
            return;
        Span<byte> mac = stackalloc byte[MacAddress.Size];
        _mac.Write(mac);
        bytes[..Math.Min(bytes.Length, mac.Length - offset)].CopyTo(mac[offset..]);
        _mac = MacAddress.Read(mac);
    }

    /// <inheritdoc/>
    public override void Start()
    {
        for (var i = 0; i < QueueSizes.Count && IsRunning; i++)
        {
            if (Queue(i).IsEnabled)
                Notified(Queue(i));
        }
        _backend.ReceiverReady();
    }

    /// <inheritdoc/>
    public override void Continue()
    {
        for (var i = 0; i < QueueSizes.Count; i++)
        {
            if (IsReception(i))
                _buffers[i / 2].Retake(Queue(i));
            else
                ReturnAll(Queue(i));
        }
        // The frames that the other back end kept are lost; this one may have some.
        _backend.ReceiverReady();
    }

    /// <inheritdoc/>
    public override void Notified(VirtQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        if (queue.Index == 2 * PairCount)
            WorkControl(queue);
        else if (IsReception(queue.Index))
            BuffersAdded(queue);
        else if (queue.Index < 2 * PairCount)
            Transmit(queue);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        (_mac, _isAnnouncing, _guestOffloads) = (_options.Mac, false, NetFeature.GuestOffloads);
        _filter.Reset();
        _steering.Reset();
        foreach (var buffers in _buffers)
            buffers.Reset();
    }

    /// <inheritdoc/>
    public override void ResetQueue(VirtQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        if (!IsReception(queue.Index))
            return;
        _buffers[queue.Index / 2].Reset();
        _backend.ReceiverReady();
    }

    /// <inheritdoc/>
    public override JsonElement? Save() => JsonSerializer.SerializeToElement(
        new VirtioNetState(_mac.Value, _isLinkUp, _isAnnouncing, _guestOffloads, _filter.Capture(), _steering.Capture(), [.. _buffers.Select(b => b.IsStarved)]),
        VirtioNetStateJson.Default.VirtioNetState);

    /// <inheritdoc/>
    public override void Restore(JsonElement? state)
    {
        var taken = Read(state, VirtioNetStateJson.Default.VirtioNetState);
        if (taken.Starved.Length != _buffers.Length)
            throw new SavedStateException($"The saved state of a network device does not have {_buffers.Length} pairs of queues.");
        ReceiveFilter.Check(taken.Filter);
        ReceiveSteering.Check(taken.Steering);
        Reset();
        (_mac, _isLinkUp, _isAnnouncing) = (new MacAddress(taken.Mac & 0xFFFF_FFFF_FFFF), taken.IsLinkUp, taken.IsAnnouncing);
        _guestOffloads = taken.GuestOffloads & NetFeature.GuestOffloads;
        _filter.Apply(taken.Filter);
        _steering.Apply(taken.Steering);
        for (var i = 0; i < _buffers.Length; i++)
            _buffers[i].IsStarved = taken.Starved[i];
    }

    /// <summary>Whether a queue is one for reception. Behind the pairs is the control queue.</summary>
    private bool IsReception(int index) => index % 2 == 0 && index < 2 * PairCount;

    /// <summary>What is in a queue whose work is done when a call returns is done with.</summary>
    private static void ReturnAll(VirtQueue queue)
    {
        foreach (var chain in queue.Retake())
            queue.Return(chain, 0);
    }
}
