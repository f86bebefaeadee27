using System.Text;
using Ringmaster.Devices;

namespace Ringmaster.Guests.Tests.Harness;

/// <summary>
/// A person at the guest's serial port: reads what appears, waits for text, types. Keeps everything, and shows it when what was
/// waited for does not come.
/// </summary>
internal sealed class TestConsole : ISerialBackend, IDisposable
{
    private const int ShownOnFailure = 6000;

    // Nothing after these lines answers any more, so nobody needs to wait for the time-out.
    private static readonly string[] s_ends = ["Kernel panic - not syncing", "---[ end trace", "kernel BUG at", "BUG: unable to handle"];

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly Queue<byte> _typed = new();
    private readonly AutoResetEvent _arrived = new(false), _typing = new(false);
    private readonly Thread _typist;
    private SerialReceiver? _receiver;
    private int _read;
    private volatile bool _closed;

    public TestConsole()
    {
        _typist = new Thread(Type) { IsBackground = true, Name = "typist" };
        _typist.Start();
    }

    /// <summary>Everything that the guest has sent so far, without carriage returns.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
                return _text.ToString();
        }
    }

    /// <summary>A panic is what is waited for, not a reason to give up.</summary>
    public bool PanicIsExpected { get; set; }

    /// <inheritdoc/>
    public void Transmit(byte value)
    {
        if (value == '\r')
            return;
        lock (_lock)
            _text.Append((char)value);
        _arrived.Set();
    }

    /// <inheritdoc/>
    public void Connect(SerialReceiver? receiver)
    {
        lock (_lock)
            _receiver = receiver;
        _typing.Set();
    }

    /// <inheritdoc/>
    public void ReceiverReady() => _typing.Set();

    /// <summary>Types a line and presses Enter.</summary>
    public void SendLine(string line)
    {
        lock (_lock)
        {
            foreach (var one in Encoding.UTF8.GetBytes(line + "\r"))
                _typed.Enqueue(one);
        }
        _typing.Set();
    }

    /// <summary>Waits for text that has not been read yet.</summary>
    /// <returns>What came before it.</returns>
    public string Expect(string text, TimeSpan patience) =>
        TryExpect(text, patience, out var before, out var why) ? before : throw Failure($"waited for \"{text}\", but {why}");

    /// <summary>Waits for text that has not been read yet.</summary>
    /// <returns>The rest of its line.</returns>
    public string ExpectLine(string text, TimeSpan patience)
    {
        Expect(text, patience);
        return Expect("\n", patience);
    }

    /// <summary>Waits for text that has not been read yet.</summary>
    public bool TryExpect(string text, TimeSpan patience, out string before, out string why)
    {
        var deadline = DateTime.UtcNow + patience;
        while (true)
        {
            // Asked before looking: what a guest sent before it ended is there then.
            var over = _closed;
            lock (_lock)
            {
                var unread = _text.ToString(_read, _text.Length - _read);
                var at = unread.IndexOf(text, StringComparison.Ordinal);
                if (at >= 0)
                {
                    before = unread[..at];
                    why = "";
                    _read += at + text.Length;
                    return true;
                }
                before = "";
                why = over ? "the machine has ended"
                    : !PanicIsExpected && s_ends.FirstOrDefault(e => unread.Contains(e, StringComparison.Ordinal)) is { } end ? $"the guest said \"{end}\""
                    : DateTime.UtcNow > deadline ? $"nothing of it came in {patience.TotalSeconds:0} s"
                    : "";
                if (why.Length > 0)
                    return false;
            }
            _arrived.WaitOne(TimeSpan.FromMilliseconds(500));
        }
    }

    /// <summary>The machine has ended; nothing more will come.</summary>
    public void Close()
    {
        _closed = true;
        _arrived.Set();
        _typing.Set();
    }

    /// <summary>A failure that shows the end of the log.</summary>
    public Exception Failure(string what) => new InvalidOperationException($"{what}. The end of the serial log:\n{Tail()}");

    /// <summary>The end of the log.</summary>
    public string Tail()
    {
        var text = Text;
        return text.Length > ShownOnFailure ? "[...]" + text[^ShownOnFailure..] : text;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _typist.Join();
        _arrived.Dispose();
        _typing.Dispose();
    }

    private void Type()
    {
        while (!_closed)
        {
            _typing.WaitOne();
            byte[] waiting;
            SerialReceiver? receiver;
            lock (_lock)
            {
                waiting = [.. _typed];
                receiver = _receiver;
            }
            var taken = receiver is null || waiting.Length == 0 ? 0 : receiver(waiting);
            lock (_lock)
            {
                for (var i = 0; i < taken; i++)
                    _typed.Dequeue();
            }
        }
    }
}
