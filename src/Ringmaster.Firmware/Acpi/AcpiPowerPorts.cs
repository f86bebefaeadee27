using Ringmaster.Memory;

namespace Ringmaster.Firmware.Acpi;

/// <summary>The fixed hardware of ACPI power management (ACPI 6.5 section 4.8).</summary>
public sealed record AcpiPowerPorts
{
    /// <summary>PM1a event block: status and enable, two bytes each.</summary>
    public IoPort Pm1aEvent { get; init; } = new(0x600);

    /// <summary>PM1a control, two bytes.</summary>
    public IoPort Pm1aControl { get; init; } = new(0x604);

    /// <summary>Power-management timer, four bytes, 3.579545 MHz.</summary>
    public IoPort Timer { get; init; } = new(0x608);

    /// <summary>Whether the timer counts 32 bits instead of 24.</summary>
    public bool TimerHas32Bits { get; init; }

    /// <summary>General-purpose event block 0: half of it status, half enable.</summary>
    public IoPort Gpe0 { get; init; } = new(0x620);

    /// <summary>Bytes of that block; even.</summary>
    public int Gpe0Length { get; init; } = 4;

    /// <summary>The general-purpose event by which the power button announces itself; null if it sets PWRBTN_STS in PM1a, as fixed hardware.</summary>
    public int? PowerButtonEvent { get; init; }

    /// <summary>The port that switches between ACPI and legacy mode.</summary>
    public IoPort SmiCommand { get; init; } = new(0xB2);

    /// <summary>What to write there to set SCI_EN.</summary>
    public byte EnableValue { get; init; } = 0xF1;

    /// <summary>What to write there to clear it.</summary>
    public byte DisableValue { get; init; } = 0xF0;

    /// <summary>The system control interrupt, an ISA interrupt; level-triggered, active high.</summary>
    public int SciIrq { get; init; } = 9;

    /// <summary>SLP_TYP for soft-off, 0 to 7.</summary>
    public byte SoftOffSleepType { get; init; } = 5;

    /// <summary>The reset register.</summary>
    public IoPort Reset { get; init; } = new(0xCF9);

    /// <summary>What to write there to reset the machine.</summary>
    public byte ResetValue { get; init; } = 0x06;
}
