namespace Ringmaster.Devices.Storage.Floppy;

/// <summary>How a diskette is divided; all of them have sectors of 512 bytes.</summary>
/// <param name="Cylinders">Tracks of a side.</param>
/// <param name="Heads">Sides.</param>
/// <param name="Sectors">Sectors of a track, numbered from 1.</param>
/// <param name="Rates">Data rates at which it can be read, one bit each by their codes: 500, 300, 250 and 1000 kbit/s.</param>
public sealed record FloppyFormat(int Cylinders, int Heads, int Sectors, int Rates)
{
    private const int HighDensity = 1 << 0, DoubleDensity = 1 << 1 | 1 << 2, ExtraDensity = 1 << 3;

    private static readonly FloppyFormat[] s_all =
    [
        new(40, 1, 8, DoubleDensity), // 160 KiB
        new(40, 1, 9, DoubleDensity),
        new(40, 2, 8, DoubleDensity),
        new(40, 2, 9, DoubleDensity), // 360 KiB
        new(80, 1, 8, DoubleDensity),
        new(80, 2, 8, DoubleDensity),
        new(80, 2, 9, DoubleDensity), // 720 KiB
        new(80, 2, 15, HighDensity), // 1.2 MB
        new(80, 2, 18, HighDensity), // 1.44 MB
        new(80, 2, 21, HighDensity), // 1.68 MB, of distribution disks
        new(82, 2, 21, HighDensity),
        new(80, 2, 36, ExtraDensity), // 2.88 MB
    ];

    /// <summary>Most sectors of a track.</summary>
    internal const int MostSectors = 36;

    /// <summary>Bytes of a diskette.</summary>
    public ulong Length => (ulong)(Cylinders * Heads * Sectors) * BlockRequest.SectorSize;

    /// <summary>Finds the format of an image.</summary>
    /// <param name="length">Its bytes.</param>
    /// <returns>Null if no diskette has this size.</returns>
    public static FloppyFormat? ForLength(ulong length) => Array.Find(s_all, format => format.Length == length);

    /// <summary>Whether it can be read at a rate.</summary>
    /// <param name="rate">The rate's code, 0 to 3.</param>
    internal bool HasRate(int rate) => (Rates >> rate & 1) != 0;

    /// <summary>Where a sector is in the image.</summary>
    internal ulong Offset(int cylinder, int head, int sector) =>
        (ulong)((cylinder * Heads + head) * Sectors + sector - 1) * BlockRequest.SectorSize;
}
