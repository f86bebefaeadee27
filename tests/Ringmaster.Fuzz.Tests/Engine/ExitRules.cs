using Ringmaster.Cpu.Exits;
using Ringmaster.Memory;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>What every exit of an engine must look like, whatever the guest did.</summary>
internal static class ExitRules
{
    public static string? Violation(VmExit exit, GuestMemory memory) => exit.Kind switch
    {
        VmExitKind.PortRead or VmExitKind.PortWrite when exit.Address > 0xFFFF || exit.Size is not (1 or 2 or 4) || exit.Data > Mask(exit.Size)
            => "no such port access",
        VmExitKind.MmioRead or VmExitKind.MmioWrite when exit.Size is not (1 or 2 or 4 or 8) || exit.Data > Mask(exit.Size)
            || exit.Address > 0xF_FFFF_FFFF_FFFF => "no such memory access",
        VmExitKind.MmioRead or VmExitKind.MmioWrite when memory.Contains(exit.Gpa, (ulong)exit.Size) => "this is RAM",
        VmExitKind.MsrRead or VmExitKind.MsrWrite when exit.Address > uint.MaxValue => "no such register",
        VmExitKind.TaskPriority when exit.Data > 14 => "no priority below a threshold",
        VmExitKind.Debug => "nobody asked for it",
        _ => Enum.IsDefined(exit.Kind) ? null : "no such exit",
    };

    private static ulong Mask(int size) => size >= 8 ? ulong.MaxValue : (1UL << (size * 8)) - 1;
}
