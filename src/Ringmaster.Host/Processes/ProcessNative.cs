using System.Runtime.InteropServices;

namespace Ringmaster.Host.Processes;

/// <summary>C library calls that start and end processes: posix_spawn(3), waitpid(2), kill(2).</summary>
internal static unsafe partial class ProcessNative
{
    /// <summary>Room for posix_spawnattr_t and posix_spawn_file_actions_t, with more than any C library takes.</summary>
    internal const int OpaqueSize = 1024;

    internal const short SetGroup = 0x02, SetDefaultSignals = 0x04, SetSignalMask = 0x08;
    internal const int NoHang = 1, Terminate = 15, Kill = 9, NoSuchFile = 2;

    /// <summary>Bytes of sigset_t.</summary>
    internal const int SignalSetSize = 128;

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    internal static partial int Spawn(out int process, byte* file, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int InitActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int DestroyActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int AddDuplicate(void* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int AddOpen(void* actions, int number, string path, int flags, uint mode);

    // glibc from 2.34 on only.
    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    internal static partial int AddCloseFrom(void* actions, int first);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    internal static partial int InitAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int DestroyAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int SetDefaults(void* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int SetMask(void* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int Wait(int process, int* status, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Signal(int process, int signal);
}
