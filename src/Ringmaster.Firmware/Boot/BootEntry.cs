namespace Ringmaster.Firmware.Boot;

/// <summary>In which mode a kernel is entered.</summary>
public enum BootEntry
{
    /// <summary>The widest mode that the image offers.</summary>
    Automatic,

    /// <summary>Linux only: the 32-bit entry point, even where there is a 64-bit one.</summary>
    ProtectedMode,

    /// <summary>Linux only: the 16-bit set-up code. It calls the BIOS, so firmware must be there.</summary>
    RealMode,
}
