using Ringmaster.Memory;

namespace Ringmaster.Firmware.Acpi;

/// <summary>The FADT, "FACP", revision 6 (ACPI 6.5 section 5.2.9). The addresses of FACS and DSDT are filled in by the linker.</summary>
internal static class Fadt
{
    public const int FacsPointer = 36, DsdtPointer = 40, DsdtPointer64 = 140, Revision = 6, MinorRevision = 5;

    private const uint Wbinvd = 1 << 0, C1OnAllProcessors = 1 << 2, PowerButtonIsDevice = 1 << 4, NoFixedSleepButton = 1 << 5,
        NoFixedRtcWake = 1 << 6, TimerHas32Bits = 1 << 8, ResetRegisterSupported = 1 << 10;

    private const int LegacyDevices = 1 << 0, KeyboardController = 1 << 1, VgaNotPresent = 1 << 2;

    /// <summary>Latencies above these say that C2 and C3 are not supported.</summary>
    private const int NoC2Latency = 101, NoC3Latency = 1001;

    private const int SystemIo = 1, ByteAccess = 1, WordAccess = 2, DwordAccess = 3;

    private const int CenturyRegister = 0x32, Pm1EventLength = 4, Pm1ControlLength = 2, TimerLength = 4;

    public static ByteWriter Append(ByteWriter table, AcpiPlatform platform)
    {
        var power = platform.Power;
        table.U32(0).U32(0)                             // FIRMWARE_CTRL, DSDT
            .U8(0).U8(0)                                // reserved, preferred profile: unspecified
            .U16(power.SciIrq)
            .U32(power.SmiCommand.Value).U8(power.EnableValue).U8(power.DisableValue).U8(0).U8(0)
            .U32(power.Pm1aEvent.Value).U32(0)
            .U32(power.Pm1aControl.Value).U32(0)
            .U32(0)                                     // PM2 control
            .U32(power.Timer.Value)
            .U32(power.Gpe0.Value).U32(0)
            .U8(Pm1EventLength).U8(Pm1ControlLength).U8(0).U8(TimerLength).U8(power.Gpe0Length).U8(0).U8(0).U8(0)
            .U16(NoC2Latency).U16(NoC3Latency)
            .U16(0).U16(0).U8(0).U8(0)                  // cache flush and duty cycle: unused
            .U8(0).U8(0).U8(CenturyRegister)
            .U16(BootArchitecture(platform)).U8(0)
            .U32(Flags(power));
        AppendAddress(table, power.Reset, 1, ByteAccess).U8(power.ResetValue);
        table.U16(0).U8(MinorRevision)
            .U64(0).U64(0);                             // X_FIRMWARE_CTRL: the 32-bit field is used; X_DSDT
        AppendAddress(table, power.Pm1aEvent, Pm1EventLength, WordAccess);
        AppendNoAddress(table);
        AppendAddress(table, power.Pm1aControl, Pm1ControlLength, WordAccess);
        AppendNoAddress(table);
        AppendNoAddress(table);
        AppendAddress(table, power.Timer, TimerLength, DwordAccess);
        AppendAddress(table, power.Gpe0, power.Gpe0Length, ByteAccess);
        AppendNoAddress(table);
        AppendNoAddress(table);                  // sleep control and status: for hardware-reduced machines
        AppendNoAddress(table);
        return table.Ascii("RINGMSTR");                 // hypervisor vendor identity
    }

    private static int BootArchitecture(AcpiPlatform platform) =>
        LegacyDevices | (platform.HasKeyboardController ? KeyboardController : 0) | (platform.HasVga ? 0 : VgaNotPresent);

    private static uint Flags(AcpiPowerPorts power) =>
        Wbinvd | C1OnAllProcessors | NoFixedSleepButton | NoFixedRtcWake | ResetRegisterSupported |
        (power.PowerButtonEvent is null ? 0 : PowerButtonIsDevice) | (power.TimerHas32Bits ? TimerHas32Bits : 0);

    /// <summary>A generic address structure (section 5.2.3.2) for a block of ports.</summary>
    private static ByteWriter AppendAddress(ByteWriter table, IoPort port, int bytes, int access) =>
        table.U8(SystemIo).U8(bytes * 8).U8(0).U8(access).U64(port.Value);

    private static void AppendNoAddress(ByteWriter table) => table.Zeros(12);
}
