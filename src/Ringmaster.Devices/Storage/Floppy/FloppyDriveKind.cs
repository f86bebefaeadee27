namespace Ringmaster.Devices.Storage.Floppy;

/// <summary>What kind of drive there is, by its number in the CMOS (byte 10h, a half byte a drive).</summary>
public enum FloppyDriveKind
{
    /// <summary>5.25 inches, 360 KB.</summary>
    DoubleDensity5 = 1,

    /// <summary>5.25 inches, 1.2 MB.</summary>
    HighDensity5 = 2,

    /// <summary>3.5 inches, 720 KB.</summary>
    DoubleDensity3 = 3,

    /// <summary>3.5 inches, 1.44 MB.</summary>
    HighDensity3 = 4,

    /// <summary>3.5 inches, 2.88 MB.</summary>
    ExtraDensity3 = 5,
}
