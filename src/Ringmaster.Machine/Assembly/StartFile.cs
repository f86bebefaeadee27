using Ringmaster.Host;

namespace Ringmaster.Machine.Assembly;

/// <summary>A file that goes into guest memory whenever the machine starts: it stays open, but not in the host's memory.</summary>
internal sealed class StartFile : IDisposable
{
    private readonly string _path, _role;
    private readonly FileStream _file;
    private readonly byte[]? _onlyContent;

    private StartFile(string path, string role)
    {
        _path = path;
        _role = role;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        // What comes through a pipe comes once.
        if (!_file.CanSeek)
            _onlyContent = ReadToEnd(_file);
    }

    /// <summary>Its name without directories.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>Opens one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="role">What it is to the machine.</param>
    /// <exception cref="MachineSetupException">It cannot be read.</exception>
    public static StartFile Open(string path, string role) => MachineFile.Try(path, role, () => new StartFile(path, role));

    /// <summary>Reads all of it, into memory that the host has back when it is disposed.</summary>
    /// <exception cref="MachineSetupException">It cannot be read, any more.</exception>
    public HostBuffer Read() => MachineFile.Try(_path, _role, () =>
    {
        var length = _onlyContent?.Length ?? _file.Length;
        if (length > Array.MaxLength)
            throw new IOException("It has more than 2 GiB.");
        var content = new HostBuffer((int)length);
        try
        {
            if (_onlyContent is not null)
            {
                _onlyContent.CopyTo(content.GetSpan());
                return content;
            }
            _file.Position = 0;
            _file.ReadExactly(content.GetSpan());
            return content;
        }
        catch
        {
            ((IDisposable)content).Dispose();
            throw;
        }
    });

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static byte[] ReadToEnd(FileStream pipe)
    {
        using var content = new MemoryStream();
        pipe.CopyTo(content);
        return content.ToArray();
    }
}
