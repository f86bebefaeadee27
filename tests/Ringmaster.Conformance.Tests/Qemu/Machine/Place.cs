namespace Ringmaster.Conformance.Tests.Qemu.Machine;

/// <summary>Where the loader's things lie in QEMU's memory: all above the two megabytes that belong to the case.</summary>
internal static class Place
{
    public const int MemorySize = 0x200_0000;

    public const uint Code = 0x100_0000, Gdt = 0x101_0000, Idt = 0x101_1000, Level4 = 0x101_2000, Level3 = 0x101_3000,
        StackTop = 0x101_8000, HostSave = 0x101_8000, ControlBlock = 0x101_9000, PortMap = 0x101_A000, RegisterMap = 0x101_D000,
        Mailbox = 0x101_F000, PageList = 0x102_0000, Pages = 0x110_0000;

    /// <summary>The local APIC.</summary>
    public const uint Apic = 0xFEE0_0000;
}
