using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.AcpiPm;

/// <summary>
/// Ports and values of the ACPI fixed hardware, for the device and for whoever builds the FADT (ACPI 6.5 table 5.9) and the
/// DSDT's sleep-state packages.
/// </summary>
/// <param name="Base">First port of the block; 600h unless chosen otherwise. Takes <see cref="Length"/> ports.</param>
public sealed record AcpiPmLayout(IoPort Base)
{
    /// <summary>Ports from <see cref="Base"/> that belong to the block.</summary>
    public const int Length = 0x80;

    /// <summary>FADT PM1_EVT_LEN.</summary>
    public const int Pm1EventLength = 4;

    /// <summary>FADT PM1_CNT_LEN.</summary>
    public const int Pm1ControlLength = 2;

    /// <summary>FADT PM_TMR_LEN.</summary>
    public const int PmTimerLength = 4;

    /// <summary>FADT GPE0_BLK_LEN: 2 bytes of status, 2 of enables, for events 0 to 15.</summary>
    public const int Gpe0Length = 4;

    /// <summary>FADT ACPI_ENABLE.</summary>
    public const byte AcpiEnable = 0x02;

    /// <summary>FADT ACPI_DISABLE.</summary>
    public const byte AcpiDisable = 0x03;

    /// <summary>SLP_TYP of S3, suspend to RAM.</summary>
    public const int SleepTypeS3 = 1;

    /// <summary>SLP_TYP of S4, suspend to disk.</summary>
    public const int SleepTypeS4 = 2;

    /// <summary>SLP_TYP of S5, soft off.</summary>
    public const int SleepTypeS5 = 0;

    /// <summary>FADT SCI_INT: the GSI and ISA IRQ by convention.</summary>
    public const int SciInterrupt = 9;

    /// <summary>FADT RESET_VALUE for <see cref="ResetRegister"/>: a hard reset.</summary>
    public const byte ResetValue = 0x06;

    /// <summary>The layout at port 600h.</summary>
    public static AcpiPmLayout Default { get; } = new(new IoPort(0x600));

    /// <summary>FADT PM1a_EVT_BLK.</summary>
    public IoPort Pm1aEvent => Base;

    /// <summary>FADT PM1a_CNT_BLK.</summary>
    public IoPort Pm1aControl => Base + 4;

    /// <summary>FADT PM_TMR_BLK.</summary>
    public IoPort PmTimer => Base + 8;

    /// <summary>FADT GPE0_BLK.</summary>
    public IoPort Gpe0 => Base + 0x20;

    /// <summary>FADT SMI_CMD. The port after it is a scratch byte.</summary>
    public static IoPort SmiCommand => new(0xB2);

    /// <summary>FADT RESET_REG.</summary>
    public static IoPort ResetRegister => new(0xCF9);
}
