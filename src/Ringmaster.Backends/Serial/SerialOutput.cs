namespace Ringmaster.Backends.Serial;

/// <summary>
/// Takes bytes from the device without making it wait and writes them on a thread of its own. A full buffer makes the device
/// wait a little, once; while it stays full, further bytes are dropped and counted.
/// </summary>
internal sealed class SerialOutput : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(2);

    private readonly object _lock = new();
    private readonly byte[] _buffer;
    private readonly Action<ReadOnlySpan<byte>> _write;
    private readonly Thread _thread;
    private int _start;
    private int _count;
    private long _dropped;
    private bool _congested;
    private bool _closing;
    private bool _writing;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="capacity">How many bytes may wait.</param>
    /// <param name="write">Writes all the bytes it gets; called on the thread only. It must not throw.</param>
    internal SerialOutput(string name, int capacity, Action<ReadOnlySpan<byte>> write)
    {
        _buffer = new byte[capacity];
        _write = write;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>How many bytes were lost because nobody took them in time.</summary>
    internal long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Puts a byte into the buffer.</summary>
    internal void Put(byte value)
    {
        lock (_lock)
        {
            if (_count == _buffer.Length && !_congested)
                _congested = !WaitUntil(() => _count < _buffer.Length || _closing, LongestWait);
            if (_count == _buffer.Length || _closing)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
            _congested = false;
            _buffer[(_start + _count++) % _buffer.Length] = value;
            if (_count == 1)
                Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits, but not for ever, until everything put so far has been written.</summary>
    internal void Flush()
    {
        lock (_lock)
            WaitUntil(() => _count == 0 && !_writing, LongestFlush);
    }

    /// <summary>Writes what is left, if that does not take too long, and ends the thread.</summary>
    public void Dispose()
    {
        Flush();
        lock (_lock)
        {
            _closing = true;
            Monitor.PulseAll(_lock);
        }
        _thread.Join(LongestWait);
    }

    /// <summary>Waits with the lock held. Being woken proves nothing: the lock has one queue for all its reasons.</summary>
    private bool WaitUntil(Func<bool> condition, TimeSpan longest)
    {
        var deadline = Environment.TickCount64 + (long)longest.TotalMilliseconds;
        while (!condition())
        {
            var left = deadline - Environment.TickCount64;
            if (left <= 0)
                return false;
            Monitor.Wait(_lock, (int)left);
        }
        return true;
    }

    private void Run()
    {
        var chunk = new byte[Math.Min(_buffer.Length, 16 * 1024)];
        while (true)
        {
            int length;
            lock (_lock)
            {
                while (_count == 0 && !_closing)
                    Monitor.Wait(_lock);
                if (_closing)
                    return;
                length = Math.Min(Math.Min(_count, chunk.Length), _buffer.Length - _start);
                _buffer.AsSpan(_start, length).CopyTo(chunk);
                _start = (_start + length) % _buffer.Length;
                _count -= length;
                _writing = true;
                Monitor.PulseAll(_lock);
            }
            _write(chunk.AsSpan(0, length));
            lock (_lock)
            {
                _writing = false;
                Monitor.PulseAll(_lock);
            }
        }
    }
}
