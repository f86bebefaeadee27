using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Ringmaster.Devices.State;
using Ringmaster.Devices.Virtio.Rings;

namespace Ringmaster.Devices.Virtio.Console;

/// <summary>
/// A console, and ports for programs in the guest (virtio 1.2 section 5.3). Queues of a port come in pairs, one for each direction,
/// and the pair behind the first port's is for control.
/// </summary>
public sealed class VirtioConsole : VirtioDevice
{
    /// <summary>The most ports.</summary>
    public const int MostPorts = 31;

    private const ulong Size = 1 << 0, MultiplePorts = 1 << 1, EmergencyWrite = 1 << 2;
    private const int QueueLength = 64, ControlReceive = 2, ControlSend = 3, MessageLength = 8;
    private const int EmergencyOffset = 8, LongestSend = 256 * 1024, LongestName = 255;

    // Each port's four messages, and one more each.
    private const int MostMessages = 8 * MostPorts;

    private readonly ConsolePort[] _ports;
    private readonly bool[] _isReady, _isOpen;
    private readonly List<byte[]> _messages = [];
    private ushort _columns, _rows;

    // Not state: a back end that is told once too often only offers its bytes again.
    private readonly bool[] _heldBack;

    /// <summary>Creates the device.</summary>
    /// <param name="ports">Its ports, of which the first is a console.</param>
    public VirtioConsole(params IReadOnlyList<ConsolePort> ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        if (ports.Count is 0 or > MostPorts || !ports[0].IsConsole || ports.Any(p => p.Name is { } name && Encoding.UTF8.GetByteCount(name) is 0 or > LongestName))
            throw new ArgumentException($"A device has 1 to {MostPorts} ports, the first of them a console; a name has 1 to {LongestName} bytes.", nameof(ports));
        _ports = [.. ports];
        (_isReady, _isOpen, _heldBack) = (new bool[_ports.Length], new bool[_ports.Length], new bool[_ports.Length]);
        QueueSizes = [.. Enumerable.Repeat(QueueLength, 2 * _ports.Length + 2)];
    }

    /// <inheritdoc/>
    public override VirtioType Type => VirtioType.Console;

    /// <inheritdoc/>
    public override ulong Features => Size | MultiplePorts | EmergencyWrite;

    /// <inheritdoc/>
    public override IReadOnlyList<int> QueueSizes { get; }

    /// <inheritdoc/>
    public override int ConfigLength => 12;

    /// <summary>How many ports there are.</summary>
    public int PortCount => _ports.Length;

    private bool HasControl => (Agreed & MultiplePorts) != 0;

    /// <summary>
    /// Takes bytes from the outside; the wiring connects this to the port's back end, with the machine's lock.
    /// </summary>
    /// <param name="port">The port.</param>
    /// <param name="bytes">What arrived, oldest first.</param>
    /// <returns>How many were taken; <see cref="ISerialBackend.ReceiverReady"/> is called when there is room for the others.</returns>
    public int Receive(int port, ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        if (IsRunning && (_isOpen[port] || !HasControl))
        {
            var queue = Queue(ReceiveQueue(port));
            while (taken < bytes.Length && queue.TakeOrAsk() is { } chain)
            {
                var part = bytes[taken..][..(int)Math.Min(chain.Writable.Length, (ulong)(bytes.Length - taken))];
                var isWritten = chain.Writable.TryWrite(0, part);
                queue.Return(chain, isWritten ? (uint)part.Length : 0);
                taken += isWritten ? part.Length : 0;
            }
            queue.Notify();
        }
        _heldBack[port] = taken < bytes.Length;
        return taken;
    }

    /// <summary>Tells the guest how large the terminal at the first port is.</summary>
    /// <param name="columns">Characters of a line.</param>
    /// <param name="rows">Lines.</param>
    public void Resize(ushort columns, ushort rows)
    {
        if ((columns, rows) == (_columns, _rows))
            return;
        (_columns, _rows) = (columns, rows);
        ConfigChanged();
        if (_isReady[0])
        {
            SendSize();
            GiveMessages();
        }
    }

    /// <inheritdoc/>
    public override void ReadConfig(Span<byte> config)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(config, _columns);
        BinaryPrimitives.WriteUInt16LittleEndian(config[2..], _rows);
        BinaryPrimitives.WriteInt32LittleEndian(config[4..], _ports.Length);
    }

    /// <inheritdoc/>
    public override void WriteConfig(int offset, ReadOnlySpan<byte> bytes)
    {
        // The lower byte of the field, at any time (section 5.3.4).
        if (offset == EmergencyOffset && !bytes.IsEmpty)
            _ports[0].Backend.Transmit(bytes[0]);
    }

    /// <inheritdoc/>
    public override void Start()
    {
        for (var port = 0; port < _ports.Length; port++)
        {
            Notified(Queue(ReceiveQueue(port) + 1));
            Ready(port);
        }
        Notified(Queue(ControlSend));
        GiveMessages();
    }

    /// <inheritdoc/>
    public override void Notified(VirtQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var port = queue.Index < ControlReceive ? 0 : queue.Index / 2 - 1;
        if (queue.Index == ControlReceive)
            GiveMessages();
        else if (queue.Index == ControlSend)
            Drain(queue, ReadMessage);
        else if (queue.Index % 2 == 0)
            Ready(port);
        else
            Drain(queue, chain => Send(port, chain.Readable));
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Array.Clear(_isReady);
        Array.Clear(_isOpen);
        _messages.Clear();
    }

    /// <inheritdoc/>
    public override void ResetQueue(VirtQueue queue)
    {
    }

    /// <inheritdoc/>
    public override JsonElement? Save() => JsonSerializer.SerializeToElement(
        new VirtioConsoleState(_columns, _rows, [.. _isReady], [.. _isOpen], [.. _messages]), VirtioConsoleStateJson.Default.VirtioConsoleState);

    /// <inheritdoc/>
    public override void Restore(JsonElement? state)
    {
        var saved = Read(state, VirtioConsoleStateJson.Default.VirtioConsoleState);
        if (saved.ReadyPorts.Length != _ports.Length || saved.OpenPorts.Length != _ports.Length)
            throw new SavedStateException($"The saved state of a virtio console is not of one with {_ports.Length} ports.");
        if (saved.Messages.Length > MostMessages || saved.Messages.Any(m => m is null || m.Length < MessageLength || m.Length > MessageLength + LongestName + 1))
            throw new SavedStateException("The saved state of a virtio console has malformed messages.");
        (_columns, _rows) = (saved.Columns, saved.Rows);
        saved.ReadyPorts.CopyTo(_isReady, 0);
        saved.OpenPorts.CopyTo(_isOpen, 0);
        _messages.Clear();
        _messages.AddRange(saved.Messages);
    }

    private static int ReceiveQueue(int port) => port == 0 ? 0 : 2 * port + 2;

    private static void Drain(VirtQueue queue, Action<DescriptorChain> handle)
    {
        do
        {
            while (queue.Take() is { } chain)
            {
                handle(chain);
                queue.Return(chain, 0);
            }
        }
        while (queue.AskForNotification(true));
        queue.Notify();
    }

    /// <summary>Sends what the guest has written; no guest writes more at once than is taken here.</summary>
    private void Send(int port, BufferList bytes)
    {
        Span<byte> part = stackalloc byte[1024];
        var length = Math.Min(bytes.Length, LongestSend);
        for (ulong at = 0; at < length; at += (ulong)part.Length)
        {
            var now = part[..(int)Math.Min((ulong)part.Length, length - at)];
            if (!bytes.TryRead(at, now))
                return;
            foreach (var value in now)
                _ports[port].Backend.Transmit(value);
        }
    }

    /// <summary>There is room for bytes from the outside.</summary>
    private void Ready(int port)
    {
        if (!_heldBack[port])
            return;
        _heldBack[port] = false;
        _ports[port].Backend.ReceiverReady();
    }

    private void ReadMessage(DescriptorChain chain)
    {
        Span<byte> message = stackalloc byte[MessageLength];
        if (!HasControl || !chain.Readable.TryRead(0, message))
            return;
        var id = BinaryPrimitives.ReadUInt32LittleEndian(message);
        var value = BinaryPrimitives.ReadUInt16LittleEndian(message[6..]);
        switch ((ControlEvent)BinaryPrimitives.ReadUInt16LittleEndian(message[4..]))
        {
            case ControlEvent.DeviceReady when value == 1:
                for (var port = 0; port < _ports.Length; port++)
                    Tell(port, ControlEvent.AddPort, 1);
                break;
            case ControlEvent.PortReady when value == 1 && id < _ports.Length:
                Introduce((int)id);
                break;
            case ControlEvent.Open when id < _ports.Length:
                _isOpen[id] = value != 0;
                if (value != 0)
                    Ready((int)id);
                break;
        }
        GiveMessages();
    }

    private void Introduce(int port)
    {
        _isReady[port] = true;
        if (_ports[port].IsConsole)
            Tell(port, ControlEvent.IsConsole, 1);
        else
            Tell(port, ControlEvent.Name, 1, [.. Encoding.UTF8.GetBytes(_ports[port].Name!), 0]);
        Tell(port, ControlEvent.Open, 1);
        if (port == 0 && _columns != 0)
            SendSize();
    }

    private void SendSize()
    {
        var size = new byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(size, _columns);
        BinaryPrimitives.WriteUInt16LittleEndian(size.AsSpan(2), _rows);
        Tell(0, ControlEvent.Resize, 0, size);
    }

    /// <summary>Queues a message. A driver that asks again and again without taking answers gets no more of them.</summary>
    private void Tell(int port, ControlEvent what, ushort value, ReadOnlySpan<byte> more = default)
    {
        if (!HasControl || _messages.Count >= MostMessages)
            return;
        var message = new byte[MessageLength + more.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, port);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), (ushort)what);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), value);
        more.CopyTo(message.AsSpan(MessageLength));
        _messages.Add(message);
    }

    private void GiveMessages()
    {
        if (!IsRunning)
            return;
        var queue = Queue(ControlReceive);
        while (_messages.Count > 0 && queue.TakeOrAsk() is { } chain)
        {
            var message = _messages[0];
            _messages.RemoveAt(0);
            var length = (int)Math.Min(chain.Writable.Length, (ulong)message.Length);
            queue.Return(chain, chain.Writable.TryWrite(0, message.AsSpan(0, length)) ? (uint)length : 0);
        }
        queue.Notify();
    }
}
