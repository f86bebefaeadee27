using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Rings;

/// <summary>A driver and a device that pass chains to and fro, while it is watched that none is lost and nobody waits in vain.</summary>
public sealed class RingTraffic
{
    private const ulong RingAddress = 0x4000, Slots = 0x1_0000, SlotSize = 0x2000, DataOffset = 0x800;

    private readonly RingSetting _setting;
    private readonly Random _random;
    private readonly List<byte[]> _sent = [];
    private readonly Dictionary<ushort, (ulong Slot, byte[] Bytes, List<DriverBuffer> Writable)> _outstanding = [];
    private readonly Stack<ulong> _slots = new(Enumerable.Range(0, 16).Select(i => Slots + (ulong)i * SlotSize));
    private readonly List<byte[]> _seen = [];
    private VirtioBoard _board;
    private HoldingDevice _device = new();
    private DriverRing _ring;
    private bool _isArmed, _wantsNone;

    public RingTraffic(RingSetting setting, int seed)
    {
        ArgumentNullException.ThrowIfNull(setting);
        (_setting, _random) = (setting, new Random(seed));
        _board = new VirtioBoard(_device, setting.IsLegacy);
        Assert.Equal(setting.Features, _board.Negotiate(setting.Features) & ~(VirtioBoard.Version1 | 1UL << 27));
        _ring = NewRing();
        _board.Enable(0, _ring);
        _board.Ready();
        Arm();
    }

    public void Step()
    {
        switch (_random.Next(12))
        {
            case < 4:
                Add(_random.Next(1, 4));
                break;
            case < 8:
                Return(_random.Next(1, 4));
                break;
            case 8:
                Arm();
                break;
            case 9:
                TakeAll();
                _wantsNone = true;
                _isArmed = false;
                // What came meanwhile is taken later.
                _ring.Want(false);
                _board.WasInterrupted();
                break;
            case 10:
                Migrate();
                break;
            default:
                Poll(!_device.Polls);
                break;
        }
    }

    /// <summary>Lets everything come to an end and looks that all of it came.</summary>
    public void Finish()
    {
        Poll(false);
        while (_device.Held.Count > 0)
            Return(_device.Held.Count);
        TakeAll();
        Assert.Empty(_outstanding);
        Assert.Equal(_sent, SeenByAll);
        Assert.False(_board.Status.HasFlag(Devices.Virtio.VirtioStatus.NeedsReset));
    }

    /// <summary>The driver resets the ring and begins anew with it; what the device had is gone.</summary>
    public void ResetRing()
    {
        _board.ResetQueue(0);
        Assert.Empty(_device.Held);
        foreach (var (slot, _, _) in _outstanding.Values)
            _slots.Push(slot);
        _outstanding.Clear();
        _sent.Clear();
        _seen.Clear();
        _device.Seen.Clear();
        _board.Memory.Window(new GuestPhysicalAddress(RingAddress), 0x4000).Clear();
        _ring = NewRing();
        _board.Enable(0, _ring);
        Arm();
    }

    private IEnumerable<byte[]> SeenByAll => _seen.Concat(_device.Seen);

    private DriverRing NewRing() => _setting.IsPacked
        ? new PackedDriverRing(_board.Memory, _setting.Size, RingAddress, _setting.HasEventIndex)
        : new SplitDriverRing(_board.Memory, _setting.Size, RingAddress, _setting.HasEventIndex);

    private void Add(int chains)
    {
        for (; chains > 0 && _slots.Count > 0; chains--)
        {
            var slot = _slots.Peek();
            var bytes = new byte[_random.Next(200)];
            _random.NextBytes(bytes);
            var readable = Divide(slot + DataOffset, bytes.Length, isWritable: false, _random.Next(3));
            var writable = Divide(slot + DataOffset + 0x400, _random.Next(300), isWritable: true, _random.Next(3));
            List<DriverBuffer> all = [.. readable, .. writable];
            if (all.Count == 0 || all.Count > _setting.Size)
                continue;
            var sent = bytes[..readable.Sum(b => (int)b.Length)];
            _board.Memory.TryWrite(new GuestPhysicalAddress(slot + DataOffset), sent);
            if (_ring.Add(all, _setting.HasIndirect && _random.Next(2) == 0 ? slot : null) is not { } id)
                break;
            _slots.Pop();
            _sent.Add(sent);
            _outstanding.Add(id, (slot, sent, writable));
        }
        if (_ring.MustNotify())
            _board.Notify(0);
        if (!_device.Polls)
            Assert.Equal(_sent.Count, SeenByAll.Count());
    }

    private List<DriverBuffer> Divide(ulong address, int length, bool isWritable, int parts)
    {
        var buffers = new List<DriverBuffer>();
        for (; parts > 0; parts--)
        {
            var part = parts == 1 ? length : _random.Next(length + 1);
            buffers.Add(new DriverBuffer(address, (uint)part, isWritable));
            (address, length) = (address + (ulong)part, length - part);
        }
        return buffers;
    }

    private void Return(int chains)
    {
        var any = false;
        for (; chains > 0 && _device.Held.Count > 0; chains--)
        {
            any = true;
            _device.Return(_random.Next(_device.Held.Count), notify: chains == 1 || _device.Held.Count == 1);
        }
        if (!any)
            return;
        var interrupted = _board.WasInterrupted();
        if (_wantsNone)
            Assert.False(interrupted);
        if (!_isArmed)
            return;
        Assert.True(interrupted, "The driver waits in vain.");
        if (_setting.HasEventIndex)
            _isArmed = false;
    }

    private void Arm()
    {
        do
            TakeAll();
        while (_ring.Want(true));
        _board.WasInterrupted();
        (_isArmed, _wantsNone) = (true, false);
    }

    private void TakeAll()
    {
        while (_ring.Take() is var (id, written))
        {
            Assert.True(_outstanding.Remove(id, out var chain));
            _slots.Push(chain.Slot);
            var expected = chain.Bytes.Reverse().Take((int)chain.Writable.Sum(b => b.Length)).ToArray();
            Assert.Equal((uint)expected.Length, written);
            var answer = new byte[expected.Length];
            _board.Memory.TryRead(new GuestPhysicalAddress(chain.Slot + DataOffset + 0x400), answer);
            Assert.Equal(expected, answer);
        }
    }

    private void Migrate()
    {
        _seen.AddRange(_device.Seen);
        var next = new HoldingDevice { Polls = _device.Polls };
        var interrupted = _board.WasInterrupted();
        Assert.False(interrupted && _isArmed);
        _board = _board.MoveTo(next);
        Assert.Equal(_device.Held.Select(h => h.Bytes), next.Held.Select(h => h.Bytes));
        _device = next;
    }

    private void Poll(bool polls)
    {
        _device.Polls = polls;
        _device.Look();
        Assert.Equal(_sent.Count, SeenByAll.Count());
    }
}
