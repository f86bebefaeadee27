using System.Runtime.InteropServices;

namespace Ringmaster.Host;

/// <summary>What this process does about a signal (sigaction(2)). It is one for all threads.</summary>
public static unsafe partial class SignalAction
{
    /// <summary>SIGSEGV.</summary>
    public const int SegmentationViolation = 11;

    /// <summary>SIGBUS.</summary>
    public const int BusError = 7;

    private const int SiginfoFlag = 4, OnStackFlag = 0x0800_0000, RestartFlag = 0x1000_0000;

    /// <summary>The handler that a signal has now: a function of three arguments, or 0 for the default and 1 for none.</summary>
    public static nint HandlerOf(int signal) => Read(signal).Handler;

    /// <summary>Gives a signal another handler, which runs on the thread's alternate stack if it has one.</summary>
    /// <param name="signal">Its number.</param>
    /// <param name="handler">Machine code: void (int signal, siginfo_t*, ucontext_t*).</param>
    /// <param name="restarts">System calls that it interrupts go on by themselves, where they can.</param>
    /// <exception cref="LinuxException">The host refused.</exception>
    public static void SetHandler(int signal, nint handler, bool restarts = false)
    {
        var action = Read(signal);
        action.Handler = handler;
        action.Flags |= SiginfoFlag | OnStackFlag | (restarts ? RestartFlag : 0);
        if (Sigaction(signal, &action, null) != 0)
            throw LinuxException.FromLastCall("sigaction");
    }

    private static Action Read(int signal)
    {
        Action action;
        if (Sigaction(signal, null, &action) != 0)
            throw LinuxException.FromLastCall("sigaction");
        return action;
    }

    [LibraryImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    private static partial int Sigaction(int signal, Action* action, Action* former);

    /// <summary>struct sigaction of the C library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Action
    {
        public nint Handler;
        private fixed byte _mask[128];
        public int Flags;
        private readonly nint _restorer;
    }
}
