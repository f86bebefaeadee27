namespace Ringmaster.Backends.Disks.Qcow2.Format;

/// <summary>An entry of an L2 table: where a cluster of the disk lies (QEMU, docs/interop/qcow2.txt, Cluster mapping).</summary>
internal readonly record struct L2Entry(ulong Value)
{
    internal const ulong Copied = 1UL << 63, CompressedFlag = 1UL << 62, ZeroFlag = 1, OffsetMask = 0x00FF_FFFF_FFFF_FE00;
    private const int CompressedSector = 512;

    /// <summary>Nothing: the cluster is the backing image's, or zeros.</summary>
    internal bool IsAbsent => !IsCompressed && (Value & (OffsetMask | ZeroFlag)) == 0;

    internal bool IsCompressed => (Value & CompressedFlag) != 0;

    /// <summary>Zeros, whether or not room is reserved.</summary>
    internal bool IsZero => !IsCompressed && (Value & ZeroFlag) != 0;

    /// <summary>Uncompressed bytes in the file.</summary>
    internal bool IsData => !IsCompressed && (Value & ZeroFlag) == 0 && Offset != 0;

    /// <summary>The cluster's room belongs to nobody else and may be written in place.</summary>
    internal bool IsCopied => !IsCompressed && (Value & Copied) != 0;

    /// <summary>The offset in the file, if it is not compressed; 0 for none.</summary>
    internal long Offset => (long)(Value & OffsetMask);

    internal static L2Entry Data(long offset) => new((ulong)offset | Copied);

    internal static L2Entry Zero => new(ZeroFlag);

    /// <summary>Describes compressed bytes.</summary>
    /// <param name="offset">The first byte's offset in the file, which need not be aligned.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="layout">The image's.</param>
    internal static L2Entry Compressed(long offset, int length, Qcow2Layout layout)
    {
        var sectors = ((offset + length - 1) / CompressedSector) - (offset / CompressedSector);
        return new(CompressedFlag | (ulong)offset | ((ulong)sectors << SectorShift(layout)));
    }

    /// <summary>Where compressed bytes begin.</summary>
    internal long CompressedOffset(Qcow2Layout layout) => (long)(Value & ((1UL << SectorShift(layout)) - 1));

    /// <summary>How many bytes compressed data has at most; its end lies somewhere in the last sector.</summary>
    internal int CompressedLength(Qcow2Layout layout)
    {
        var shift = SectorShift(layout);
        var sectors = (int)((Value & (CompressedFlag - 1)) >> shift) + 1;
        return sectors * CompressedSector - (int)(CompressedOffset(layout) % CompressedSector);
    }

    /// <summary>The most bytes that an entry can describe.</summary>
    internal static int MostCompressed(Qcow2Layout layout) => 2 * layout.ClusterSize;

    private static int SectorShift(Qcow2Layout layout) => 62 - (layout.ClusterBits - 8);
}
