using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>
/// A signal that does nothing but end the system call that a thread is in. KVM_RUN returns when one arrives (api.rst, KVM_RUN).
/// </summary>
/// <remarks>
/// Its handler is a return instruction: the runtime's own would cost a thread of it, and ignoring the signal would end no call. Other
/// system calls go on (SA_RESTART), should it come a little late.
/// </remarks>
public static unsafe partial class KickSignal
{
    // Between the runtime's own, which is the first real-time signal, and the last.
    private const int Number = 50, SysGetTid = 186, SysTgkill = 234;

    private static readonly CodeMemory s_handler = Install();

    private static readonly ThreadLocal<int> s_thread = new(() => (int)Syscall(SysGetTid, 0, 0, 0));

    /// <summary>The calling thread, to be named to <see cref="Send"/>.</summary>
    /// <exception cref="LinuxException">The host does not let this process execute memory of its own, or handle the signal.</exception>
    public static int CurrentThread
    {
        get
        {
            GC.KeepAlive(s_handler);
            return s_thread.Value;
        }
    }

    /// <summary>Sends it to a thread of this process; one that has ended is none.</summary>
    /// <param name="thread">From <see cref="CurrentThread"/>.</param>
    public static void Send(int thread) => _ = Syscall(SysTgkill, Environment.ProcessId, thread, Number);

    private static CodeMemory Install()
    {
        const byte ret = 0xC3;
        var memory = CodeMemory.Create(4096);
        // SAFETY: the memory is one page long, and is kept as long as the process.
        memory.Writable[0] = ret;
        SignalAction.SetHandler(Number, (nint)memory.Executable, restarts: true);
        return memory;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, long first, long second, long third);
}
