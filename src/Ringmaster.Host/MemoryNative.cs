using System.Runtime.InteropServices;

namespace Ringmaster.Host;

/// <summary>Linux memory calls (mmap(2), madvise(2)). Only <see cref="AddressReservation"/> and its kin use them.</summary>
internal static unsafe partial class MemoryNative
{
    internal const int ProtNone = 0, ProtRead = 1, ProtWrite = 2, ProtExecute = 4;
    internal const int MapShared = 0x01, MapPrivate = 0x02, MapFixed = 0x10, MapAnonymous = 0x20, MapNoReserve = 0x4000,
        MapHuge = 0x4_0000, MapHugeShift = 26;
    internal const int MremapMayMove = 1, MremapFixed = 2;
    internal const int MadvDontNeed = 4, MadvHugePage = 14, MadvNoHugePage = 15, MadvPopulateRead = 22, MadvPopulateWrite = 23;
    internal static readonly void* MapFailed = (void*)-1;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    internal static partial void* Mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", EntryPoint = "mremap", SetLastError = true)]
    internal static partial void* Mremap(void* address, nuint oldLength, nuint newLength, int flags);

    [LibraryImport("libc", EntryPoint = "mremap", SetLastError = true)]
    internal static partial void* Mremap(void* address, nuint oldLength, nuint newLength, int flags, void* newAddress);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    internal static partial int Mprotect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    internal static partial int Munmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    internal static partial int Madvise(void* address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "mlock", SetLastError = true)]
    internal static partial int Mlock(void* address, nuint length);
}
