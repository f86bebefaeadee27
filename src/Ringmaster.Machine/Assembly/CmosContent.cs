using Ringmaster.Devices.Storage.Floppy;

namespace Ringmaster.Machine.Assembly;

/// <summary>What the CMOS RAM tells firmware and old kernels about memory and equipment (the layout that PC firmware agreed on).</summary>
internal static class CmosContent
{
    private const int Floppies = 0x10, Equipment = 0x14, BaseMemory = 0x15, ExtendedMemory = 0x17, ExtendedMemoryCopy = 0x30, Above16Mib = 0x34,
        Above4Gib = 0x5B;

    /// <summary>The cell with the number of processors beyond the first.</summary>
    public const int MoreCpus = 0x5F;

    /// <summary>The cells for a machine.</summary>
    /// <param name="low">Where RAM below 4 GiB ends.</param>
    /// <param name="high">Bytes of RAM above 4 GiB.</param>
    /// <param name="cpus">How many processors.</param>
    /// <param name="floppies">The diskette drives, at most two.</param>
    public static byte[] For(ulong low, ulong high, int cpus, IReadOnlyList<FloppyDriveKind> floppies)
    {
        const ulong kib = 1024, mib = 1024 * kib;
        var cells = new byte[128];
        // A coprocessor and a mouse port; bit 0 for diskette drives, and their number less one in bits 7 and 6.
        cells[Equipment] = (byte)(0x06 | (floppies.Count > 0 ? 0x01 | (floppies.Count - 1) << 6 : 0));
        // Drive A in the upper half.
        for (var i = 0; i < floppies.Count; i++)
            cells[Floppies] |= (byte)((int)floppies[i] << (4 * (1 - i)));
        Store(cells, BaseMemory, 640, 2);
        var extended = Math.Min(Sub(low, mib) / kib, 0xFFFF);
        Store(cells, ExtendedMemory, extended, 2);
        Store(cells, ExtendedMemoryCopy, extended, 2);
        Store(cells, Above16Mib, Math.Min(Sub(low, 16 * mib) / (64 * kib), 0xFFFF), 2);
        Store(cells, Above4Gib, high / (64 * kib), 3);
        Store(cells, MoreCpus, (ulong)cpus - 1, 1);
        return cells;
    }

    private static ulong Sub(ulong left, ulong right) => left > right ? left - right : 0;

    private static void Store(byte[] cells, int index, ulong value, int bytes)
    {
        for (var i = 0; i < bytes; i++)
            cells[index + i] = (byte)(value >> (8 * i));
    }
}
