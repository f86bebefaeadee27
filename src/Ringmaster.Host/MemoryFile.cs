using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host;

/// <summary>
/// An anonymous file in memory (memfd_create(2)). It can be mapped several times and handed to other processes, which is
/// what guest RAM needs.
/// </summary>
public sealed class MemoryFile : SafeHandleMinusOneIsInvalid
{
    private MemoryFile(int fd, long size) : base(ownsHandle: true)
    {
        SetHandle(fd);
        Size = size;
    }

    /// <summary>Length in bytes.</summary>
    public long Size { get; }

    /// <summary>Creates a zero-filled file. Pages take host memory only once they are touched.</summary>
    /// <param name="name">Shown in /proc/PID/maps.</param>
    /// <param name="size">Length in bytes; a multiple of the page size.</param>
    /// <exception cref="LinuxException">The host refused the file or its size.</exception>
    public static MemoryFile Create(string name, long size)
    {
        var fd = MemoryNative.MemfdCreate(name, MemoryNative.MfdCloseOnExec);
        if (fd < 0)
            throw LinuxException.FromLastCall("memfd_create");
        var file = new MemoryFile(fd, size);
        if (MemoryNative.Ftruncate(fd, size) == 0)
            return file;
        var error = LinuxException.FromLastCall($"ftruncate of a memory file to {size} bytes");
        file.Dispose();
        throw error;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => MemoryNative.Close((int)handle) == 0;
}
