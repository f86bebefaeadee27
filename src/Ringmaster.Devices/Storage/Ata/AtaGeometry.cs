namespace Ringmaster.Devices.Storage.Ata;

/// <summary>Cylinders, heads and sectors, for hosts that do not address blocks.</summary>
/// <param name="Cylinders">1 to 65535; 0 for none.</param>
/// <param name="Heads">1 to 16.</param>
/// <param name="Sectors">A track's, 1 to 255; sector numbers start at 1.</param>
public readonly record struct AtaGeometry(int Cylinders, int Heads, int Sectors)
{
    private const int UsualHeads = 16, UsualSectors = 63, MostCylinders = 16383;

    /// <summary>Sectors that can be reached so.</summary>
    public uint Capacity => (uint)(Cylinders * Heads * Sectors);

    /// <summary>What a disk of some size has by itself: at most 16383/16/63 (ATA/ATAPI-7 volume 1, 6.17.3).</summary>
    /// <param name="capacity">Sectors.</param>
    public static AtaGeometry ForCapacity(ulong capacity)
    {
        var sectors = (int)Math.Clamp(capacity, 1, UsualSectors);
        var heads = (int)Math.Clamp(capacity / (ulong)sectors, 1, UsualHeads);
        return Fitting(capacity, heads, sectors, MostCylinders);
    }

    /// <summary>A disk with the heads and sectors that a host wants.</summary>
    /// <param name="capacity">Sectors.</param>
    /// <param name="heads">1 to 16.</param>
    /// <param name="sectors">1 to 255.</param>
    public static AtaGeometry Translated(ulong capacity, int heads, int sectors) => Fitting(capacity, heads, sectors, ushort.MaxValue);

    /// <summary>Finds the block of an address.</summary>
    /// <returns>False if there is no such sector.</returns>
    internal bool TryFind(int cylinder, int head, int sector, out ulong block)
    {
        block = ((ulong)cylinder * (ulong)Heads + (ulong)head) * (ulong)Sectors + (ulong)sector - 1;
        return sector >= 1 && sector <= Sectors && head < Heads && cylinder < Cylinders;
    }

    private static AtaGeometry Fitting(ulong capacity, int heads, int sectors, int most) =>
        new((int)Math.Min(capacity / (ulong)(heads * sectors), (ulong)most), heads, sectors);
}
