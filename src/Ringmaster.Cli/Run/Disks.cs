using Microsoft.Extensions.Logging;
using Ringmaster.Backends.Disks;
using Ringmaster.Devices.Storage;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Run;

/// <summary>The images of a machine's disks, opened from their description. Disposing flushes and closes them.</summary>
internal sealed class Disks : IDisposable
{
    private readonly List<DiskBackend> _opened = [];

    /// <summary>In the order of the description.</summary>
    internal IReadOnlyList<IBlockBackend> Opened => _opened;

    /// <summary>Opens everything.</summary>
    /// <exception cref="UserErrorException">Something cannot be opened.</exception>
    internal static Disks Open(MachineConfig config, ILoggerFactory loggers)
    {
        var disks = new Disks();
        try
        {
            foreach (var disk in config.Disks)
                disks._opened.Add(new DiskBackend(disk.ToOptions(), loggers));
            return disks;
        }
        catch (Exception error)
        {
            disks.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new UserErrorException($"--disk: {error.Message}", error);
            throw;
        }
    }

    /// <summary>Closes a disk that has left the machine.</summary>
    internal void Release(object backend)
    {
        // Closing it once more at the end does nothing.
        if (backend is DiskBackend disk && _opened.Contains(disk))
            disk.Dispose();
    }

    public void Dispose()
    {
        foreach (var disk in _opened)
            disk.Dispose();
    }
}
