namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>Properties of modes.</summary>
internal static class GuestModes
{
    /// <summary>The eight modes that differ in what instructions mean.</summary>
    public static readonly GuestMode[] Distinct =
    [
        GuestMode.Real, GuestMode.Virtual8086, GuestMode.Virtual8086Restricted, GuestMode.Kernel32, GuestMode.User32,
        GuestMode.Kernel64, GuestMode.User64, GuestMode.KernelCompatibility, GuestMode.UserCompatibility,
    ];

    public static bool Is16Bit(this GuestMode mode) => mode <= GuestMode.Virtual8086Restricted;

    public static bool IsVirtual8086(this GuestMode mode) => mode is GuestMode.Virtual8086 or GuestMode.Virtual8086Restricted;

    public static bool IsLong(this GuestMode mode) => mode >= GuestMode.Kernel64;

    public static bool Is64Bit(this GuestMode mode) =>
        mode is GuestMode.Kernel64 or GuestMode.User64 or GuestMode.KernelFiveLevel or GuestMode.UserFiveLevel;

    public static bool IsUser(this GuestMode mode) => mode.IsVirtual8086() || mode is GuestMode.User32 or GuestMode.UserTwoLevel
        or GuestMode.UserPae or GuestMode.User64 or GuestMode.UserFiveLevel or GuestMode.UserCompatibility;

    public static bool IsFiveLevel(this GuestMode mode) => mode is GuestMode.KernelFiveLevel or GuestMode.UserFiveLevel;

    public static bool IsTwoLevel(this GuestMode mode) => mode is GuestMode.KernelTwoLevel or GuestMode.UserTwoLevel;

    public static bool IsPae(this GuestMode mode) => mode is GuestMode.KernelPae or GuestMode.UserPae;

    /// <summary>16, 32 or 64.</summary>
    public static int Bits(this GuestMode mode) => mode.Is16Bit() ? 16 : mode.Is64Bit() ? 64 : 32;
}
