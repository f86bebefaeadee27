using Ringmaster.Devices.Tests.Virtio.Rings;
using Ringmaster.Devices.Virtio;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio;

/// <summary>A driver that has set up all queues of a device and moves whole messages.</summary>
public sealed class GuestDriver
{
    private const ulong Rings = 0x1_0000, RingSize = 0x4000, Buffers = 0x10_0000, End = 0x40_0000;

    private readonly DriverRing[] _rings;
    private readonly Dictionary<(int Queue, ushort Id), ulong> _buffers = [];
    private ulong _next = Buffers;

    public GuestDriver(VirtioDevice device, ulong features = ulong.MaxValue & ~VirtioBoard.Packed)
    {
        Board = new VirtioBoard(device);
        Agreed = Board.Negotiate(features);
        _rings = [.. Enumerable.Range(0, device.QueueSizes.Count).Select(q => NewRing(q, device.QueueSizes[q]))];
        for (var q = 0; q < _rings.Length; q++)
            Board.Enable(q, _rings[q]);
        Board.Ready();
    }

    public VirtioBoard Board { get; private set; }

    public ulong Agreed { get; }

    /// <summary>Goes on with another device that has this one's state.</summary>
    public void MoveTo(VirtioDevice device) => Board = Board.MoveTo(device);

    /// <summary>Puts a message and room for an answer into a queue.</summary>
    /// <returns>False if the queue is full, and the device has not returned anything.</returns>
    public bool Send(int queue, ReadOnlySpan<byte> message, int room = 0)
    {
        var ring = _rings[queue];
        if (_next + (ulong)(message.Length + room) + 64 > End)
            _next = Buffers;
        var (at, answer) = (_next, _next + (ulong)message.Length);
        _next += (ulong)(message.Length + room + 15) & ~15UL;
        Board.Memory.TryWrite(new GuestPhysicalAddress(at), message);
        List<DriverBuffer> buffers = [];
        if (message.Length > 0 || room == 0)
            buffers.Add(new DriverBuffer(at, (uint)message.Length, false));
        if (room > 0)
            buffers.Add(new DriverBuffer(answer, (uint)room, true));
        // What was sent before is given back; nobody looks at it.
        while (ring.Free < buffers.Count)
        {
            if (ring.Take() is null)
                return false;
        }
        _buffers[(queue, ring.Add(buffers, null)!.Value)] = answer;
        if (ring.MustNotify())
            Board.Notify(queue);
        return true;
    }

    /// <summary>Gives room for messages.</summary>
    /// <returns>As for <see cref="Send"/>.</returns>
    public bool Offer(int queue, int room, int count = 1)
    {
        var isDone = true;
        for (; count > 0; count--)
            isDone &= Send(queue, default, room);
        return isDone;
    }

    /// <summary>Puts a chain of memory that lies elsewhere into a queue.</summary>
    public void SendAt(int queue, params IReadOnlyList<DriverBuffer> buffers)
    {
        _rings[queue].Add(buffers, null);
        if (_rings[queue].MustNotify())
            Board.Notify(queue);
    }

    /// <summary>Takes what the device has written; null if it has returned nothing.</summary>
    public byte[]? Take(int queue)
    {
        if (_rings[queue].Take() is not var (id, written))
            return null;
        var bytes = new byte[written];
        Assert.True(Board.Memory.TryRead(new GuestPhysicalAddress(_buffers[(queue, id)]), bytes));
        return bytes;
    }

    /// <summary>Takes all that the device has written, up to an empty answer.</summary>
    public List<byte[]> TakeAll(int queue)
    {
        var all = new List<byte[]>();
        while (Take(queue) is { } one)
            all.Add(one);
        return all;
    }

    private DriverRing NewRing(int queue, int size) => (Agreed & VirtioBoard.Packed) != 0
        ? new PackedDriverRing(Board.Memory, size, Rings + (ulong)queue * RingSize, (Agreed & VirtioBoard.Event) != 0)
        : new SplitDriverRing(Board.Memory, size, Rings + (ulong)queue * RingSize, (Agreed & VirtioBoard.Event) != 0);
}
