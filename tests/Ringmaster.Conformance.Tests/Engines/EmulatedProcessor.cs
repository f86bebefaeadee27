using System.Runtime.Intrinsics.X86;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.State;

namespace Ringmaster.Conformance.Tests.Engines;

/// <summary>The host's processor may itself be emulated by QEMU, whose AMD-V has quirks that processors do not have.</summary>
internal static class EmulatedProcessor
{
    /// <summary>Whether it is: QEMU's emulation says so in the leaves for hypervisors.</summary>
    public static bool IsHost { get; } = X86Base.IsSupported && (X86Base.CpuId(1, 0).Ecx < 0) && X86Base.CpuId(0x4000_0000, 0).Ebx == 0x5447_4354;

    /// <summary>
    /// Makes a state one that it takes. It ends when the task register is marked busy, as on processors it is in protected mode, and
    /// user code is interrupted (SDM 3A 7.2.2; APM 2 12.2.2).
    /// </summary>
    public static void Adapt(Guest guest)
    {
        const uint busy = 2;
        guest.State.Tr = guest.State.Tr with { Attributes = new SegmentAttributes(guest.State.Tr.Attributes.Value & ~busy) };
    }
}
