using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Virtio.Input;

/// <summary>An input device (virtio 1.2 section 5.8): what it has is read through a window of the configuration space, what happens comes by a queue.</summary>
public abstract class VirtioInput : VirtioDevice
{
    /// <summary>The last code of a key or button.</summary>
    protected const ushort LastKey = 0x2FF;

    private const int EventQueue = 0, WindowOffset = 8, WindowLength = 128, EventLength = 8, QueueLength = 64;
    private const byte Name = 1, Serial = 2, Identity = 3, Properties = 0x10, EventBits = 0x11, AxisInfo = 0x12;

    // When more than this waits, only keys that come up are still told: none is to stay down for ever.
    private const int MostEvents = 256, AbsoluteMost = MostEvents + 3 * (LastKey + 1);

    private readonly List<InputEvent> _events = [];
    private readonly SortedSet<ushort> _down = [];
    private byte _select, _subselect;
    private int _x, _y;

    private protected VirtioInput()
    {
    }

    /// <inheritdoc/>
    public override VirtioType Type => VirtioType.Input;

    /// <inheritdoc/>
    public override ulong Features => 0;

    /// <inheritdoc/>
    public override IReadOnlyList<int> QueueSizes { get; } = [QueueLength, QueueLength];

    /// <inheritdoc/>
    public override int ConfigLength => WindowOffset + WindowLength;

    /// <summary>What it is called.</summary>
    protected abstract string DeviceName { get; }

    /// <summary>Its product number.</summary>
    protected abstract ushort Product { get; }

    /// <summary>Whether it can have a type of events, and a code of that type.</summary>
    private protected abstract bool Has(ushort type, int code);

    /// <summary>The largest value of an axis; 0 for one that there is not.</summary>
    private protected virtual int AxisEnd(int axis) => 0;

    /// <inheritdoc/>
    public override void ReadConfig(Span<byte> config)
    {
        (config[0], config[1]) = (_select, _subselect);
        config[2] = (byte)FillWindow(config[WindowOffset..]);
    }

    /// <inheritdoc/>
    public override void WriteConfig(int offset, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (offset + i == 0)
                _select = bytes[i];
            else if (offset + i == 1)
                _subselect = bytes[i];
        }
    }

    /// <inheritdoc/>
    public override void Start() => Notified(Queue(1));

    /// <inheritdoc/>
    public override void Notified(VirtQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        if (queue.Index == EventQueue)
        {
            Flush();
            return;
        }
        // Lamps, which nobody sees.
        do
        {
            while (queue.Take() is { } chain)
                queue.Return(chain, 0);
        }
        while (queue.AskForNotification(true));
        queue.Notify();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _events.Clear();
        _down.Clear();
        (_select, _subselect, _x, _y) = (0, 0, 0, 0);
    }

    /// <inheritdoc/>
    public override void ResetQueue(VirtQueue queue)
    {
    }

    /// <inheritdoc/>
    public override JsonElement? Save() => JsonSerializer.SerializeToElement(
        new VirtioInputState(_select, _subselect, [.. _events], [.. _down], _x, _y), VirtioInputStateJson.Default.VirtioInputState);

    /// <inheritdoc/>
    public override void Restore(JsonElement? state)
    {
        var saved = Read(state, VirtioInputStateJson.Default.VirtioInputState);
        if (saved.Events.Length > AbsoluteMost || saved.Down.Length > LastKey + 1)
            throw new SavedStateException("The saved state of a virtio input device has more events or keys than there can be.");
        Reset();
        (_select, _subselect, _x, _y) = (saved.Select, saved.Subselect, saved.X, saved.Y);
        _events.AddRange(saved.Events);
        _down.UnionWith(saved.Down.Where(key => key <= LastKey));
    }

    /// <summary>A key or button goes down or comes up.</summary>
    /// <returns>Whether the guest is told; then a report is to be ended.</returns>
    private protected bool SetKey(ushort code, bool isDown)
    {
        if (!IsRunning || !Has(InputEvent.Key, code) || (isDown ? _events.Count >= MostEvents || !_down.Add(code) : !_down.Remove(code)))
            return false;
        _events.Add(new InputEvent(InputEvent.Key, code, isDown ? 1 : 0));
        return true;
    }

    /// <summary>The pointer is somewhere, or a wheel was turned.</summary>
    /// <returns>As for <see cref="SetKey"/>.</returns>
    private protected bool Move(int x, int y, int wheel)
    {
        const ushort axisX = 0, axisY = 1, wheelCode = 8;
        if (!IsRunning || _events.Count >= MostEvents)
            return false;
        var before = _events.Count;
        if (x != _x)
            _events.Add(new InputEvent(InputEvent.Absolute, axisX, x));
        if (y != _y)
            _events.Add(new InputEvent(InputEvent.Absolute, axisY, y));
        if (wheel != 0)
            _events.Add(new InputEvent(InputEvent.Relative, wheelCode, wheel));
        (_x, _y) = (x, y);
        return _events.Count > before;
    }

    /// <summary>What was told so far belongs together.</summary>
    private protected void EndReport()
    {
        _events.Add(InputEvent.Report);
        Flush();
    }

    private void Flush()
    {
        if (!IsRunning)
            return;
        var queue = Queue(EventQueue);
        Span<byte> bytes = stackalloc byte[EventLength];
        var done = 0;
        while (done < _events.Count && queue.TakeOrAsk() is { } chain)
        {
            var next = _events[done++];
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, next.Type);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], next.Code);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], next.Value);
            queue.Return(chain, chain.Writable.TryWrite(0, bytes) ? (uint)EventLength : 0);
        }
        // The guest may have broken the rules meanwhile, and all is forgotten.
        _events.RemoveRange(0, Math.Min(done, _events.Count));
        queue.Notify();
    }

    /// <summary>Fills the window.</summary>
    /// <returns>How many bytes of it mean something.</returns>
    private int FillWindow(Span<byte> window)
    {
        switch (_select)
        {
            case Name when _subselect == 0:
                return Encoding.ASCII.GetBytes(DeviceName, window);
            case Serial when _subselect == 0:
                return Encoding.ASCII.GetBytes("0", window);
            case Identity when _subselect == 0:
                const ushort virtualBus = 6, vendor = 0x1AF4;
                MemoryMarshal.Cast<byte, ushort>(window)[0] = virtualBus;
                MemoryMarshal.Cast<byte, ushort>(window)[1] = vendor;
                MemoryMarshal.Cast<byte, ushort>(window)[2] = Product;
                MemoryMarshal.Cast<byte, ushort>(window)[3] = 1;
                return 8;
            case Properties:
                return 0;
            case EventBits:
                var length = 0;
                for (var code = 0; code < 8 * WindowLength; code++)
                {
                    if (!Has(_subselect, code))
                        continue;
                    window[code / 8] |= (byte)(1 << (code % 8));
                    length = code / 8 + 1;
                }
                return length;
            case AxisInfo when AxisEnd(_subselect) is > 0 and var end:
                BinaryPrimitives.WriteInt32LittleEndian(window[4..], end);
                return 20;
            default:
                return 0;
        }
    }
}
