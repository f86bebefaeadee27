using Ringmaster.Cpu.Exits;

namespace Ringmaster.Machine.Running;

/// <summary>Exit kinds as people read them.</summary>
internal static class ExitNames
{
    /// <summary>The name of a kind.</summary>
    public static string Of(VmExitKind kind) => kind switch
    {
        VmExitKind.Kicked => "kick",
        VmExitKind.InterruptWindow => "interrupt window",
        VmExitKind.PortRead => "port read",
        VmExitKind.PortWrite => "port write",
        VmExitKind.MmioRead => "mmio read",
        VmExitKind.MmioWrite => "mmio write",
        VmExitKind.MsrRead => "msr read",
        VmExitKind.MsrWrite => "msr write",
        VmExitKind.TaskPriority => "task priority",
        VmExitKind.EndOfInterrupt => "end of interrupt",
        VmExitKind.Halt => "halt",
        VmExitKind.Wait => "wait",
        VmExitKind.Shutdown => "shutdown",
        _ => "debug",
    };
}
