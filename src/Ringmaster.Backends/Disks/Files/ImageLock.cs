using Microsoft.Win32.SafeHandles;
using Ringmaster.Host;
using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Disks.Files;

/// <summary>
/// Keeps two programs from writing one image: locks of single bytes in the file, in the places where QEMU and its tools look for
/// them, so that they and this program see each other.
/// </summary>
/// <remarks>
/// What a program does is a shared lock of a byte from 100 on, what it does not let others do one from 200 on: 0 is reading, 1
/// writing, 3 changing the length. Who comes later takes its own locks first and then looks for those that contradict them.
/// </remarks>
internal static class ImageLock
{
    private const long DoneBase = 100, RefusedBase = 200;
    private const int Reading = 0, Writing = 1, Resizing = 3;

    /// <summary>
    /// Ends all locks. Closing the file is not enough: a child process holds it too until it has become another program.
    /// </summary>
    internal static void Release(SafeFileHandle handle)
    {
        try
        {
            foreach (var what in (int[])[Reading, Writing, Resizing])
            {
                DiskFile.Unlock(handle, DoneBase + what);
                DiskFile.Unlock(handle, RefusedBase + what);
            }
        }
        catch (LinuxException)
        {
            // Where there are no locks, none is left.
        }
    }

    /// <summary>Locks a file until it is closed.</summary>
    /// <exception cref="DiskImageException">Another program uses it, or the file system has no locks.</exception>
    internal static void Take(SafeFileHandle handle, string path, bool isReadOnly)
    {
        int[] done = isReadOnly ? [Reading] : [Reading, Writing, Resizing];
        int[] refused = [Writing, Resizing];
        try
        {
            var taken = true;
            foreach (var what in done)
                taken &= DiskFile.TryLockShared(handle, DoneBase + what);
            foreach (var what in refused)
                taken &= DiskFile.TryLockShared(handle, RefusedBase + what);
            if (taken && !done.Any(what => DiskFile.IsLockedElsewhere(handle, RefusedBase + what))
                && !refused.Any(what => DiskFile.IsLockedElsewhere(handle, DoneBase + what)))
                return;
        }
        catch (LinuxException error)
        {
            throw new DiskImageException(
                $"{path} lies on a file system without locks ({error.Message}), so nothing keeps another program from writing it. Copy it to a local disk.",
                error);
        }
        throw new DiskImageException(isReadOnly
            ? $"{path} is being written by another program. End that machine, or wait until it is done."
            : $"{path} is in use by another program, perhaps another machine or one based on it. End that, or open the image with readonly or snapshot.");
    }
}
