using Ringmaster.Devices;

namespace Ringmaster.Backends.Serial;

/// <summary>A serial line into a file, which starts empty. Nothing ever comes in.</summary>
public sealed class FileSerialBackend : ISerialBackend, IDisposable
{
    private const int OutputCapacity = 4 * 1024 * 1024;

    private readonly FileStream _file;
    private readonly SerialOutput _outgoing;
    private IOException? _failure;

    /// <summary>Creates or empties the file.</summary>
    /// <exception cref="IOException">The file cannot be written, or its directory does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public FileSerialBackend(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        _outgoing = new SerialOutput("serial-file", OutputCapacity, Write);
    }

    /// <summary>Why writing has ended early, for example because the disk is full; null if it has not.</summary>
    public IOException? Failure => Volatile.Read(ref _failure);

    /// <inheritdoc/>
    public void Transmit(byte value) => _outgoing.Put(value);

    /// <inheritdoc/>
    public void Connect(SerialReceiver? receiver)
    {
    }

    /// <inheritdoc/>
    public void ReceiverReady()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _outgoing.Dispose();
        _file.Dispose();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (_failure is not null)
            return;
        try
        {
            _file.Write(bytes);
        }
        catch (IOException error)
        {
            Volatile.Write(ref _failure, error);
        }
    }
}
