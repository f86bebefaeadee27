namespace Ringmaster.Fuzz.Tests.Machines;

/// <summary>Where the devices are, for programs that hammer them.</summary>
internal static class HostilePorts
{
    /// <summary>First ports and counts of what a PC has.</summary>
    public static readonly (int First, int Count)[] Ports =
    [
        (0x20, 2), (0xA0, 2), (0x4D0, 2), (0x40, 4), (0x60, 1), (0x64, 1), (0x61, 1), (0x92, 1), (0x70, 2), (0xCF8, 8), (0x3F8, 8),
        (0x2F8, 8), (0x3E8, 8), (0x510, 12), (0x600, 0x40), (0xB000, 0x40), (0xB2, 2), (0xE0, 0x20), (0xE9, 1), (0x501, 2), (0x402, 1),
        (0x80, 1), (0, 16), (0xFFF8, 8), (0x1CE, 2), (0x3C0, 32),
    ];

    /// <summary>First addresses and lengths of devices in memory.</summary>
    public static readonly (uint First, int Length)[] Memory =
    [
        (0xFEE0_0000, 0x1000), (0xFEC0_0000, 0x100), (0xFED0_0000, 0x400), (0xFEE0_0FF8, 16), (0xA_0000, 0x100), (0xFFFF_FFF0, 16),
        (0xE000_0000, 0x1000), (0xFEC0_00F8, 16), (0xFED0_03F8, 16),
    ];

    /// <summary>Model-specific registers that a device or the engine has: APIC base, TSC deadline, x2APIC, EFER, MTRRs, and others.</summary>
    public static readonly (uint First, int Count)[] Registers =
        [(0x1B, 1), (0x6E0, 1), (0x800, 0x40), (0xC000_0080, 5), (0x200, 16), (0x2FF, 1), (0x10, 1), (0x3B, 1), (0x174, 3), (0x277, 1), (0x1A0, 1)];
}
