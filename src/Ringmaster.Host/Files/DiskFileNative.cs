using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host.Files;

/// <summary>Linux calls on disk images: preadv2(2), fallocate(2), fdatasync(2), lseek(2), fcntl(2), ioctl(2).</summary>
internal static unsafe partial class DiskFileNative
{
    internal const int KeepSize = 1, PunchHole = 2, ZeroRange = 0x10;
    internal const int SeekData = 3, SeekHole = 4;
    internal const int OpenFileGetLock = 36, OpenFileSetLock = 37;
    internal const short ReadLock = 0, WriteLock = 1, Unlocked = 2;
    internal const nuint BlockDeviceLength = 0x8008_1272;
    internal const int NoSuchDataPast = 6, TryAgain = 11, PermissionDenied = 13, InvalidArgument = 22, NotSupported = 95;

    /// <summary>RWF_NOWAIT: only what is in memory already.</summary>
    internal const int NoWait = 8;

    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    internal static partial nint ReadVector(SafeFileHandle file, IoVector* vectors, int count, long offset, int flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    internal static partial int Fallocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    internal static partial int FdataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Lock(SafeFileHandle file, int command, LockRange* range);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(SafeFileHandle file, nuint request, ulong* argument);

    /// <summary>struct iovec.</summary>
    internal readonly struct IoVector(byte* start, nuint length)
    {
        internal readonly byte* Start = start;
        internal readonly nuint Length = length;
    }

    /// <summary>struct flock of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct LockRange
    {
        internal short Kind;
        internal short Whence;
        internal long Start;
        internal long Length;
        internal int Process;
    }
}
