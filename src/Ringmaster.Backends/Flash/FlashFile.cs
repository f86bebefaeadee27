using Ringmaster.Devices.Flash;

namespace Ringmaster.Backends.Flash;

/// <summary>
/// A flash memory's content in a file. What changes is written soon after, by a thread of its own, and at the latest when this is
/// disposed.
/// </summary>
public sealed class FlashFile : IFlashBackend, IDisposable
{
    private const int Delay = 50, MostBytes = 16 << 20;

    private readonly FileStream _file;
    private readonly byte[] _content;
    private readonly byte[] _first;
    private readonly SortedSet<int> _changed = [];
    private readonly object _lock = new();
    private readonly Thread _writer;
    private bool _closing;
    private IOException? _failure;

    /// <summary>Opens the file; if there is none, makes it.</summary>
    /// <param name="path">The file. Only one machine at a time may have it.</param>
    /// <param name="template">What a new file holds; null to demand that there is one.</param>
    /// <exception cref="IOException">The file cannot be used; the message says why.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read or written.</exception>
    public FlashFile(string path, ReadOnlyMemory<byte>? template)
    {
        _file = new FileStream(path, template is null ? FileMode.Open : FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            if (_file.Length == 0 && template is { } fresh)
                _file.Write(fresh.Span);
            if (_file.Length is 0 or > MostBytes || _file.Length % CfiFlash.BlockSize != 0)
                throw new IOException($"{path} has {_file.Length} bytes, which is no multiple of {CfiFlash.BlockSize} up to {MostBytes}.");
            if (template is { } expected && _file.Length != expected.Length)
                throw new IOException($"{path} has {_file.Length} bytes, but this firmware keeps its variables in {expected.Length}.");
            _content = new byte[_file.Length];
            _file.Position = 0;
            _file.ReadExactly(_content);
            _first = [.. _content];
        }
        catch
        {
            _file.Dispose();
            throw;
        }
        _writer = new Thread(Flush) { IsBackground = true, Name = "flash-file" };
        _writer.Start();
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Content => _first;

    /// <summary>Why writing has ended early, for example because the disk is full; null if it has not.</summary>
    public IOException? Failure => Volatile.Read(ref _failure);

    /// <inheritdoc/>
    public void Write(int offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        lock (_lock)
        {
            bytes.CopyTo(_content.AsSpan(offset));
            for (var block = offset / CfiFlash.BlockSize; block <= (offset + bytes.Length - 1) / CfiFlash.BlockSize; block++)
                _changed.Add(block);
            Monitor.Pulse(_lock);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _closing = true;
            Monitor.Pulse(_lock);
        }
        _writer.Join();
        _file.Dispose();
    }

    private void Flush()
    {
        var bytes = new byte[CfiFlash.BlockSize];
        while (true)
        {
            int block;
            lock (_lock)
            {
                while (_changed.Count == 0 && !_closing)
                    Monitor.Wait(_lock);
                if (_changed.Count == 0)
                    return;
                // Firmware programs byte by byte; a little later a block is complete and written once.
                for (var due = Environment.TickCount64 + Delay; !_closing && due > Environment.TickCount64;)
                    Monitor.Wait(_lock, (int)Math.Max(1, due - Environment.TickCount64));
                block = _changed.Min;
                _changed.Remove(block);
                _content.AsSpan(block * CfiFlash.BlockSize, CfiFlash.BlockSize).CopyTo(bytes);
            }
            Save(block, bytes);
        }
    }

    private void Save(int block, byte[] bytes)
    {
        if (_failure is not null)
            return;
        try
        {
            _file.Position = (long)block * CfiFlash.BlockSize;
            _file.Write(bytes);
        }
        catch (IOException error)
        {
            Volatile.Write(ref _failure, error);
        }
    }
}
