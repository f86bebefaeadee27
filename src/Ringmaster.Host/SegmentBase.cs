using System.Runtime.InteropServices;

namespace Ringmaster.Host;

/// <summary>The base of the host's GS segment, which .NET leaves to others (arch_prctl(2)). It belongs to a thread.</summary>
public static partial class SegmentBase
{
    private const int SysArchPrctl = 158, ArchSetGs = 0x1001;
    private const ulong AtHwcap2 = 26, Hwcap2Fsgsbase = 2;

    /// <summary>Whether user code can set it with WRGSBASE (Linux, Documentation/arch/x86/x86_64/fsgs.rst).</summary>
    public static bool CanSetDirectly { get; } = (GetAuxiliaryValue(AtHwcap2) & Hwcap2Fsgsbase) != 0;

    [ThreadStatic]
    private static ulong t_gs;

    /// <summary>
    /// Sets the calling thread's base by a system call, unless it is set already: on a paravirtual host that call takes more
    /// than ten microseconds.
    /// </summary>
    /// <exception cref="LinuxException">The host refused.</exception>
    public static void SetGs(ulong address)
    {
        if (t_gs == address)
            return;
        if (Syscall(SysArchPrctl, ArchSetGs, address) != 0)
            throw LinuxException.FromLastCall("arch_prctl");
        t_gs = address;
    }

    [LibraryImport("libc", EntryPoint = "getauxval")]
    private static partial ulong GetAuxiliaryValue(ulong type);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, long code, ulong address);
}
