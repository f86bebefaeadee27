using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

/// <summary>
/// Which pointers to the last x87 instruction the host's processor stores only where an unmasked exception occurs. The
/// interpreter stores them always, as AMD's processors do.
/// </summary>
internal static class HostPointers
{
    /// <summary>FOP: Intel's processors without the fopcode compatibility mode (SDM 1 8.1.9.1).</summary>
    public static bool OpcodeForExceptionsOnly { get; } = HostCpu.ReadModel().IsIntel;

    /// <summary>FDP (SDM 1 8.1.8, CPUID 7 EBX[6]).</summary>
    public static bool OperandForExceptionsOnly { get; } = (HostCpu.Cpuid(7, 0).Ebx & 1 << 6) != 0;
}
