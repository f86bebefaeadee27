using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Virtio.Vsock;

/// <summary>
/// Stream sockets between a guest and its host (virtio 1.2 section 5.10). Neither side sends more than the other has said to have
/// room for. When the guest takes no packets, nothing more is taken from it that would need an answer.
/// </summary>
public sealed partial class VirtioVsock : VirtioDevice, IVsockGuest
{
    /// <summary>Bytes of a stream that the host takes before they have gone on.</summary>
    public const int BufferSize = 256 * 1024;

    /// <summary>The most streams.</summary>
    public const int MostStreams = 1024;

    /// <summary>The least and the most number of a guest (section 5.10.4).</summary>
    public const ulong LeastCid = 3, MostCid = 0xFFFF_FFFE;

    private const ulong HostCid = 2;
    private const int ReceiveQueue = 0, SendQueue = 1, EventQueue = 2, MostPackets = 256, LongestPacket = 64 * 1024;

    private readonly ulong _cid;
    private readonly IVsockBackend _backend;
    private readonly Dictionary<VsockStream, VsockConnection> _streams = [];
    private readonly Queue<VsockHeader> _packets = [];
    private bool _hasLost;

    /// <summary>Creates the device.</summary>
    /// <param name="cid">The guest's number, <see cref="LeastCid"/> to <see cref="MostCid"/>.</param>
    /// <param name="backend">The host's end. The caller attaches a <see cref="LockedVsockGuest"/> of this device to it.</param>
    public VirtioVsock(ulong cid, IVsockBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentOutOfRangeException.ThrowIfLessThan(cid, LeastCid);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cid, MostCid);
        (_cid, _backend) = (cid, backend);
    }

    /// <inheritdoc/>
    public override VirtioType Type => VirtioType.Vsock;

    /// <inheritdoc/>
    public override ulong Features => 0;

    /// <inheritdoc/>
    public override IReadOnlyList<int> QueueSizes { get; } = [128, 128, 8];

    /// <inheritdoc/>
    public override int ConfigLength => 8;

    /// <summary>How many streams there are, those included that are being opened.</summary>
    public int StreamCount => _streams.Count;

    /// <inheritdoc/>
    public override void ReadConfig(Span<byte> config) => BinaryPrimitives.WriteUInt64LittleEndian(config, _cid);

    /// <inheritdoc/>
    public override void Start()
    {
        for (var i = 0; i < QueueSizes.Count; i++)
            Notified(Queue(i));
    }

    /// <inheritdoc/>
    public override void Continue() => TellOfLoss(Queue(EventQueue));

    /// <inheritdoc/>
    public override void Notified(VirtQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        switch (queue.Index)
        {
            case ReceiveQueue:
                GivePackets();
                foreach (var connection in _streams.Values.Where(c => c.IsHeldBack && c.Credit > 0).ToArray())
                    Release(connection);
                TakePackets();
                break;
            case SendQueue:
                TakePackets();
                break;
            default:
                TellOfLoss(queue);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Forget();
        _hasLost = false;
    }

    /// <inheritdoc/>
    public override void ResetQueue(VirtQueue queue)
    {
    }

    /// <inheritdoc/>
    public override JsonElement? Save() => JsonSerializer.SerializeToElement(
        new VirtioVsockState(_hasLost || _streams.Count > 0, [.. _packets.Where(p => p.Operation == VsockOperation.Reset).Select(p => Bytes(ref p).ToArray())]),
        VirtioVsockStateJson.Default.VirtioVsockState);

    /// <inheritdoc/>
    public override void Restore(JsonElement? state)
    {
        var saved = Read(state, VirtioVsockStateJson.Default.VirtioVsockState);
        if (saved.Refusals.Length > MostPackets + MostStreams || saved.Refusals.Any(p => p?.Length != VsockHeader.Size))
            throw new SavedStateException("The saved state of a virtio socket device has malformed packets.");
        Forget();
        _hasLost = saved.Lost;
        foreach (var packet in saved.Refusals)
        {
            var header = MemoryMarshal.Read<VsockHeader>(packet);
            if (header is { Operation: VsockOperation.Reset, Length: 0 })
                _packets.Enqueue(header);
        }
    }

    private static Span<byte> Bytes(ref VsockHeader header) => MemoryMarshal.AsBytes(new Span<VsockHeader>(ref header));

    private void Forget()
    {
        if (_streams.Count > 0)
            _backend.Reset();
        _streams.Clear();
        _packets.Clear();
    }

    /// <summary>Tells the guest that its streams are gone (section 5.10.6.7).</summary>
    private void TellOfLoss(VirtQueue queue)
    {
        const uint transportReset = 0;
        if (!_hasLost || queue.TakeOrAsk() is not { } chain)
            return;
        Span<byte> what = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(what, transportReset);
        _hasLost = false;
        queue.ReturnAndNotify(chain, chain.Writable.TryWrite(0, what) ? sizeof(uint) : 0u);
    }

    /// <summary>Queues a packet without data; it is completed when it is given to the guest.</summary>
    private void Tell(VsockStream stream, VsockOperation operation, uint flags = 0)
    {
        _packets.Enqueue(new VsockHeader
        {
            SourceCid = HostCid,
            DestinationCid = _cid,
            SourcePort = stream.HostPort,
            DestinationPort = stream.GuestPort,
            Type = VsockHeader.StreamType,
            Operation = operation,
            Flags = flags,
        });
    }

    private void GivePackets()
    {
        if (!IsRunning)
            return;
        var queue = Queue(ReceiveQueue);
        while (_packets.Count > 0 && queue.TakeOrAsk() is { } chain)
        {
            var header = _packets.Dequeue();
            if (_streams.TryGetValue(new VsockStream(header.DestinationPort, header.SourcePort), out var connection))
                connection.Tell(ref header);
            queue.Return(chain, chain.Writable.TryWrite(0, Bytes(ref header)) ? VsockHeader.Size : 0u);
        }
        queue.Notify();
    }

    private void Release(VsockConnection connection)
    {
        connection.IsHeldBack = false;
        _backend.ReceiverReady(connection.Stream);
    }
}
