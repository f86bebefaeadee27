using Ringmaster.Devices;
using Ringmaster.Host;
using Ringmaster.Host.Files;
using Ringmaster.Host.Terminals;

namespace Ringmaster.Backends.Serial;

/// <summary>A serial line to a new pseudo-terminal. Programs may open and close its path as often as they like.</summary>
public sealed class PtySerialBackend : ISerialBackend, IDisposable
{
    private const int OutputCapacity = 64 * 1024;

    private readonly PseudoTerminal _terminal;
    private readonly WakeSignal _stop = new();
    private readonly SerialInput _incoming = new();
    private readonly SerialOutput _outgoing;
    private readonly Thread _reader;

    /// <summary>Makes the pseudo-terminal.</summary>
    /// <exception cref="LinuxException">The host has none left.</exception>
    public PtySerialBackend()
    {
        _terminal = PseudoTerminal.Open();
        _outgoing = new SerialOutput("pty-out", OutputCapacity, new DescriptorWriter(_terminal.Side, _stop).Write);
        _reader = new Thread(Read) { IsBackground = true, Name = "pty-in" };
        _reader.Start();
    }

    /// <summary>The path for terminal programs to open: <c>"/dev/pts/3"</c>.</summary>
    public string Path => _terminal.Path;

    /// <inheritdoc/>
    public void Transmit(byte value) => _outgoing.Put(value);

    /// <inheritdoc/>
    public void Connect(SerialReceiver? receiver) => _incoming.Connect(receiver);

    /// <inheritdoc/>
    public void ReceiverReady() => _incoming.Ready();

    /// <inheritdoc/>
    public void Dispose()
    {
        _incoming.Stop();
        _outgoing.Flush();
        _stop.Set();
        _reader.Join(TimeSpan.FromSeconds(1));
        _outgoing.Dispose();
        _terminal.Dispose();
    }

    private void Read()
    {
        var buffer = new byte[4096];
        try
        {
            while (_terminal.Side.WaitReadable(_stop))
            {
                var count = _terminal.Side.Read(buffer);
                if (count == 0 || !_incoming.Offer(buffer.AsSpan(0, count)))
                    return;
            }
        }
        catch (LinuxException)
        {
            // The kernel took the pseudo-terminal away; nothing more will come.
        }
    }
}
