namespace Ringmaster.Devices.Chipset.RealTimeClock;

/// <summary>Addresses of the registers that are more than memory (Motorola MC146818 data sheet; century as in ACPI's FADT).</summary>
internal static class RtcRegister
{
    public const int Seconds = 0x00, SecondsAlarm = 0x01, Minutes = 0x02, MinutesAlarm = 0x03, Hours = 0x04, HoursAlarm = 0x05;
    public const int Weekday = 0x06, Day = 0x07, Month = 0x08, Year = 0x09, Century = 0x32;
    public const int A = 0x0A, B = 0x0B, C = 0x0C, D = 0x0D;

    /// <summary>Whether the register is one of the time and date.</summary>
    public static bool IsTime(int index) => index is Seconds or Minutes or Hours or Weekday or Day or Month or Year or Century;
}
