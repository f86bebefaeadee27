using System.Buffers.Binary;
using System.Text;

namespace Ringmaster.Backends.Disks.Qcow2.Format;

/// <summary>The start of an image, as far as it has been checked: everything is in range on its own.</summary>
internal sealed record Qcow2Header
{
    internal const uint Magic = 0x5146_49FB;
    internal const int Version2Length = 72, Version3Length = 104, WrittenLength = 112;

    // Offsets of what is changed while an image is in use.
    internal const int SizeAt = 24, L1SizeAt = 36, RefcountTableAt = 48, SnapshotsAt = 60, IncompatibleAt = 72, AutoclearAt = 88;

    internal required int Version { get; init; }

    internal required Qcow2Layout Layout { get; init; }

    /// <summary>Bytes of the disk.</summary>
    internal required long Size { get; init; }

    internal int L1Size { get; init; }

    internal long L1Offset { get; init; }

    internal long RefcountTableOffset { get; init; }

    internal int RefcountTableClusters { get; init; }

    internal int SnapshotCount { get; init; }

    internal long SnapshotsOffset { get; init; }

    internal ulong Incompatible { get; init; }

    internal ulong Compatible { get; init; }

    internal ulong Autoclear { get; init; }

    internal int HeaderLength { get; init; } = Version2Length;

    internal Qcow2Compression Compression { get; init; }

    /// <summary>The image that this one is based on, as written there; null for none.</summary>
    internal string? BackingFile { get; init; }

    /// <summary>The format of the image that this one is based on, as written there; null if it does not say.</summary>
    internal string? BackingFormat { get; init; }

    /// <summary>Where the image's dirty bitmaps are listed, if it has any that are up to date.</summary>
    internal BitmapDirectory? Bitmaps { get; init; }

    internal bool HasZeroClusters => Version >= 3;

    internal bool IsDirty => (Incompatible & Qcow2Features.Dirty) != 0;

    internal bool IsCorrupt => (Incompatible & Qcow2Features.Corrupt) != 0;

    /// <summary>Writes the header of a new image without extensions or names behind it.</summary>
    internal byte[] ToBytes()
    {
        var bytes = new byte[WrittenLength];
        Put32(0, Magic);
        Put32(4, (uint)Version);
        Put32(20, (uint)Layout.ClusterBits);
        Put64(SizeAt, (ulong)Size);
        Put32(L1SizeAt, (uint)L1Size);
        Put64(40, (ulong)L1Offset);
        Put64(RefcountTableAt, (ulong)RefcountTableOffset);
        Put32(56, (uint)RefcountTableClusters);
        if (Version == 2)
            return bytes[..Version2Length];
        Put64(IncompatibleAt, Incompatible);
        Put64(80, Compatible);
        Put64(AutoclearAt, Autoclear);
        Put32(96, (uint)Layout.RefcountOrder);
        Put32(100, WrittenLength);
        bytes[104] = (byte)Compression;
        return bytes;

        void Put32(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);

        void Put64(int at, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), value);
    }

    /// <summary>One extension: a type, a length and data that is padded to eight bytes.</summary>
    internal static byte[] Extension(uint type, ReadOnlySpan<byte> data)
    {
        var bytes = new byte[8 + (data.Length + 7) / 8 * 8];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, type);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), (uint)data.Length);
        data.CopyTo(bytes.AsSpan(8));
        return bytes;
    }

    internal static byte[] Extension(uint type, string text) => Extension(type, Encoding.UTF8.GetBytes(text));
}
