using System.Runtime.InteropServices;

namespace Ringmaster.Host.Files;

/// <summary>Linux calls that name a file by a directory's descriptor and one name in it.</summary>
internal static unsafe partial class FileNodeNative
{
    internal const int PathOnly = 0x20_0000, NoFollow = 0x2_0000, OnlyDirectory = 0x1_0000, CloseOnExec = 0x8_0000, NonBlocking = 0x800,
        NoTerminal = 0x100, Create = 0x40, Exclusive = 0x80;
    internal const int CurrentDirectory = -100, EmptyPath = 0x1000, DoNotFollow = 0x100, Follow = 0x400, RemoveDirectory = 0x200;
    internal const uint BasicStatus = 0x7FF;

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    internal static partial int OpenAt(int directory, byte* name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    internal static partial int Statx(int directory, byte* name, int flags, uint mask, Status* status);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    internal static partial int Fstatfs(int fd, SystemStatus* status);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    internal static partial nint ReadLinkAt(int directory, byte* name, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    internal static partial int MakeDirectoryAt(int directory, byte* name, uint mode);

    [LibraryImport("libc", EntryPoint = "mknodat", SetLastError = true)]
    internal static partial int MakeNodeAt(int directory, byte* name, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    internal static partial int SymlinkAt(byte* target, int directory, byte* name);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    internal static partial int LinkAt(int fromDirectory, byte* from, int directory, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    internal static partial int UnlinkAt(int directory, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    internal static partial int RenameAt(int fromDirectory, byte* from, int directory, byte* name);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true)]
    internal static partial int ChangeMode(byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    internal static partial int ChangeOwnerAt(int directory, byte* name, uint user, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "truncate", SetLastError = true)]
    internal static partial int Truncate(byte* path, long length);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    internal static partial int SetTimesAt(int directory, byte* path, TimeValue* times, int flags);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    internal static partial nint ReadAt(int fd, byte* buffer, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    internal static partial nint WriteAt(int fd, byte* buffer, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(int fd, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    internal static partial nint ReadEntries(int fd, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Sync(int fd);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    internal static partial int SyncData(int fd);

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeValue
    {
        internal const long Now = 0x3FFF_FFFF, Omit = 0x3FFF_FFFE;

        internal long Seconds;
        internal long Nanoseconds;
    }

    /// <summary>struct statx_timestamp.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct StatusTime
    {
        internal long Seconds;
        internal uint Nanoseconds;
        internal int Reserved;
    }

    /// <summary>struct statx.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    internal struct Status
    {
        internal uint Mask, BlockSize;
        internal ulong Attributes;
        internal uint Links, User, Group;
        internal ushort Mode, Reserved;
        internal ulong Inode, Size, Blocks, AttributesMask;
        internal StatusTime Accessed, Born, Changed, Modified;
        internal uint OwnMajor, OwnMinor, Major, Minor;
    }

    /// <summary>struct statfs.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 120)]
    internal struct SystemStatus
    {
        internal long Type, BlockSize;
        internal ulong Blocks, Free, Available, Files, FreeFiles, Id;
        internal long LongestName;
    }
}
