namespace Ringmaster.Devices.Storage.Floppy;

/// <summary>A diskette drive: where its heads are, and what is in it.</summary>
/// <remarks>Which diskette is in it is not a part of its saved state: whoever restores a machine puts it in first.</remarks>
public sealed class FloppyDrive
{
    // Drives can step a little beyond the last track that is used.
    private const int LastCylinder = 84;

    /// <summary>Creates the drive.</summary>
    /// <param name="medium">The diskette; null for none.</param>
    /// <param name="kind">The kind of drive. Any drive takes any diskette, but software expects those that fit.</param>
    /// <exception cref="ArgumentException">The image does not have the size of a diskette.</exception>
    public FloppyDrive(IBlockBackend? medium, FloppyDriveKind kind = FloppyDriveKind.HighDensity3)
    {
        Kind = kind;
        Take(medium);
    }

    /// <summary>The kind of drive, for the CMOS.</summary>
    public FloppyDriveKind Kind { get; }

    /// <summary>The diskette.</summary>
    public IBlockBackend? Medium { get; private set; }

    /// <summary>How the diskette is divided.</summary>
    public FloppyFormat? Format { get; private set; }

    /// <summary>Where the heads are.</summary>
    internal int Cylinder { get; private set; }

    /// <summary>The disk change line: up from when a diskette is taken out until the drive steps with one in it.</summary>
    internal bool HasChanged { get; private set; }

    internal bool IsWriteProtected => Medium is { IsReadOnly: true };

    /// <summary>The drive that suits a diskette best.</summary>
    /// <param name="length">Bytes of the image.</param>
    public static FloppyDriveKind KindFor(ulong length) => FloppyFormat.ForLength(length) switch
    {
        { Sectors: 15 } => FloppyDriveKind.HighDensity5,
        { Sectors: FloppyFormat.MostSectors } => FloppyDriveKind.ExtraDensity3,
        { Cylinders: 40 } => FloppyDriveKind.DoubleDensity5,
        _ => FloppyDriveKind.HighDensity3,
    };

    internal void Take(IBlockBackend? medium)
    {
        Format = medium is null ? null : FloppyFormat.ForLength(medium.Length) ?? throw new ArgumentException(
            $"No diskette has {medium.Length} bytes. Use an image of 160, 180, 320, 360, 640, 720, 1200, 1440, 1680 or 2880 KiB.", nameof(medium));
        Medium = medium;
        HasChanged = true;
    }

    /// <summary>Moves the heads by some cylinders, as far as they go.</summary>
    internal void Step(int cylinders)
    {
        var to = Math.Clamp(Cylinder + cylinders, 0, LastCylinder);
        if (to != Cylinder && Medium is not null)
            HasChanged = false;
        Cylinder = to;
    }

    internal void Reset() => (Cylinder, HasChanged) = (0, true);

    internal FloppyDriveState Capture() => new(Cylinder, HasChanged);

    internal void Apply(FloppyDriveState state) => (Cylinder, HasChanged) = (Math.Clamp(state.Cylinder, 0, LastCylinder), state.HasChanged);
}
