using System.Collections.Concurrent;
using Ringmaster.Devices;
using Ringmaster.Host;
using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Serial;

/// <summary>
/// A serial line to a pair of descriptors, normally standard input and output. The end of the input ends nothing; a reader
/// that goes away (EPIPE) is not an error.
/// </summary>
public sealed class StdioSerialBackend : ISerialBackend, IDisposable
{
    private const int OutputCapacity = 4 * 1024 * 1024;
    private const int TypedAheadChunks = 256;

    private readonly FileDescriptor _input;
    private readonly EscapeKeys? _keys;
    private readonly WakeSignal _stopReading = new();
    private readonly WakeSignal _stopWriting = new();
    private readonly SerialInput _incoming = new();
    private readonly SerialOutput _outgoing;
    private readonly Thread _reader;
    private readonly BlockingCollection<byte[]>? _typedAhead;

    /// <summary>Starts to read and write.</summary>
    /// <param name="input">Read on a thread of its own.</param>
    /// <param name="output">Written on a thread of its own.</param>
    /// <param name="command">
    /// Called on the reading thread for each command typed after the escape key. Null if the escape key is a byte like any other,
    /// which is right when the input is not a terminal.
    /// </param>
    public StdioSerialBackend(FileDescriptor input, FileDescriptor output, Action<ConsoleCommand>? command = null)
    {
        _input = input;
        if (command is not null)
        {
            _keys = new EscapeKeys(command);
            _typedAhead = new BlockingCollection<byte[]>(TypedAheadChunks);
            new Thread(() => OfferTyped(_typedAhead)) { IsBackground = true, Name = "serial-keys" }.Start();
        }
        _outgoing = new SerialOutput("serial-out", OutputCapacity, new DescriptorWriter(output, _stopWriting).Write);
        _reader = new Thread(Read) { IsBackground = true, Name = "serial-in" };
        _reader.Start();
    }

    /// <summary>How many bytes were lost because nobody took them in time.</summary>
    public long Dropped => _outgoing.Dropped;

    /// <inheritdoc/>
    public void Transmit(byte value) => _outgoing.Put(value);

    /// <inheritdoc/>
    public void Connect(SerialReceiver? receiver) => _incoming.Connect(receiver);

    /// <inheritdoc/>
    public void ReceiverReady() => _incoming.Ready();

    /// <summary>Waits, for at most two seconds, until everything sent so far is written.</summary>
    public void Flush() => _outgoing.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        _incoming.Stop();
        _typedAhead?.CompleteAdding();
        _stopReading.Set();
        if (Thread.CurrentThread != _reader)
            _reader.Join(TimeSpan.FromSeconds(1));
        _outgoing.Flush();
        _stopWriting.Set();
        _outgoing.Dispose();
    }

    private void Read()
    {
        var buffer = new byte[4096];
        try
        {
            while (_input.WaitReadable(_stopReading))
            {
                var count = _input.Read(buffer);
                if (count == 0)
                    return;
                if (_keys is not null)
                    Type(_keys.Filter(buffer.AsSpan(0, count)));
                else if (!_incoming.Offer(buffer.AsSpan(0, count)))
                    return;
            }
        }
        catch (Exception error) when (error is LinuxException or InvalidOperationException)
        {
            // A terminal that was hung up reports EIO: the input has ended. So it has when the queue is closed under our feet.
        }
    }

    /// <summary>
    /// Keys wait aside for the guest, so that the escape key still works when the guest does not read. A guest that never does
    /// loses keys in the end.
    /// </summary>
    private void Type(ReadOnlySpan<byte> keys)
    {
        if (!keys.IsEmpty && !_typedAhead!.IsAddingCompleted)
            _typedAhead.TryAdd(keys.ToArray());
    }

    private void OfferTyped(BlockingCollection<byte[]> typed)
    {
        foreach (var keys in typed.GetConsumingEnumerable())
        {
            if (!_incoming.Offer(keys))
                return;
        }
    }
}
