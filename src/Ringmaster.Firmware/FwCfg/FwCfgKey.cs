namespace Ringmaster.Firmware.FwCfg;

/// <summary>The numbers of fw_cfg items that have no name.</summary>
public enum FwCfgKey
{
    /// <summary>Bytes of RAM, 8 bytes.</summary>
    RamSize = 0x03,

    /// <summary>Processors, 2 bytes.</summary>
    CpuCount = 0x05,

    /// <summary>Where the kernel belongs, 4 bytes.</summary>
    KernelAddress = 0x07,

    /// <summary>Bytes of the kernel without set-up code, 4 bytes.</summary>
    KernelSize = 0x08,

    /// <summary>Where the initrd belongs, 4 bytes.</summary>
    InitrdAddress = 0x0A,

    /// <summary>Bytes of the initrd, 4 bytes.</summary>
    InitrdSize = 0x0B,

    /// <summary>Whether to offer a boot menu, 2 bytes.</summary>
    BootMenu = 0x0E,

    /// <summary>Processors that could be there, 2 bytes.</summary>
    MaxCpuCount = 0x0F,

    /// <summary>Where the kernel is entered, 4 bytes.</summary>
    KernelEntry = 0x10,

    /// <summary>The kernel without set-up code.</summary>
    KernelData = 0x11,

    /// <summary>The initrd.</summary>
    InitrdData = 0x12,

    /// <summary>Where the command line belongs, 4 bytes.</summary>
    CommandLineAddress = 0x13,

    /// <summary>Bytes of the command line with its NUL, 4 bytes.</summary>
    CommandLineSize = 0x14,

    /// <summary>The command line with its NUL.</summary>
    CommandLineData = 0x15,

    /// <summary>Where the set-up code belongs, 4 bytes.</summary>
    SetupAddress = 0x16,

    /// <summary>Bytes of the set-up code, 4 bytes.</summary>
    SetupSize = 0x17,

    /// <summary>The set-up code.</summary>
    SetupData = 0x18,

    /// <summary>Whether ISA interrupt 0 goes to I/O APIC input 2, 4 bytes.</summary>
    Irq0Override = 0x8002,
}
