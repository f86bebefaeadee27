using System.Buffers.Binary;
using System.Text;
using Ringmaster.Backends.Disks.Files;

namespace Ringmaster.Backends.Disks.Qcow2.Format;

/// <summary>Reads and checks a header, whatever is in it (QEMU, docs/interop/qcow2.txt, Header and Header extensions).</summary>
internal sealed class Qcow2HeaderReader(string path)
{
    internal const uint BackingFormatType = 0xE279_2ACA, FeatureNamesType = 0x6803_F857, BitmapsType = 0x2385_2875;

    private const int LongestBackingName = 1023, LongestHeader = 4096, FeatureNameEntry = 48;

    /// <summary>Most bytes of an L1 table; QEMU has the same limit.</summary>
    internal const int LargestL1 = 32 * 1024 * 1024;

    /// <summary>Most bytes of a refcount table; QEMU has the same limit.</summary>
    internal const int LargestRefcountTable = 8 * 1024 * 1024;

    /// <summary>Most snapshots; QEMU has the same limit.</summary>
    internal const int MostSnapshots = 65536;

    private readonly Dictionary<int, string> _featureNames = [];

    /// <exception cref="DiskImageException">The header is damaged, or of an image that this program cannot use.</exception>
    internal Qcow2Header Read(ImageFile file)
    {
        var start = new byte[Math.Max(Qcow2Header.WrittenLength, 512)];
        file.Read(0, start);
        if (file.Length < Qcow2Header.Version2Length || Get32(start, 0) != Qcow2Header.Magic)
            throw Wrong("it has no qcow2 header");
        var version = Get32(start, 4);
        if (version is not (2 or 3))
            throw new DiskImageException($"{path} is qcow2 of version {version}; 2 and 3 can be used. Convert it with \"qemu-img convert -O qcow2\".");
        var header = Fields(start, (int)version);
        var head = new byte[header.Layout.ClusterSize];
        file.Read(0, head);
        header = Extensions(header, head);
        RefuseUnsupported(header, Get32(start, 32));
        return header with { BackingFile = BackingName(head) };
    }

    private Qcow2Header Fields(ReadOnlySpan<byte> start, int version)
    {
        var clusterBits = Get32(start, 20);
        if (clusterBits is < Qcow2Layout.LeastClusterBits or > Qcow2Layout.MostClusterBits)
            throw Wrong($"its clusters would have 2^{clusterBits} bytes");
        var order = version == 2 ? 4 : Get32(start, 96);
        if (order > Qcow2Layout.MostRefcountOrder)
            throw Wrong($"its reference counts would have 2^{order} bits");
        var length = version == 2 ? Qcow2Header.Version2Length : Get32(start, 100);
        if (version == 3 && length is < Qcow2Header.Version3Length or > LongestHeader || length > 1u << (int)clusterBits || length % 8 != 0)
            throw Wrong($"its header would have {length} bytes");
        var layout = new Qcow2Layout((int)clusterBits, (int)order);
        var header = new Qcow2Header
        {
            Version = version,
            Layout = layout,
            Size = Offset(start, Qcow2Header.SizeAt, "size"),
            L1Size = Count(start, Qcow2Header.L1SizeAt, LargestL1 / sizeof(ulong), "L1 table"),
            L1Offset = Aligned(start, 40, layout, "L1 table"),
            RefcountTableOffset = Aligned(start, Qcow2Header.RefcountTableAt, layout, "refcount table"),
            RefcountTableClusters = Count(start, 56, LargestRefcountTable / layout.ClusterSize, "refcount table"),
            SnapshotCount = Count(start, Qcow2Header.SnapshotsAt, MostSnapshots, "list of snapshots"),
            SnapshotsOffset = Aligned(start, 64, layout, "list of snapshots"),
            Incompatible = version == 2 ? 0 : Get64(start, Qcow2Header.IncompatibleAt),
            Compatible = version == 2 ? 0 : Get64(start, 80),
            Autoclear = version == 2 ? 0 : Get64(start, Qcow2Header.AutoclearAt),
            HeaderLength = (int)length,
            Compression = (Qcow2Compression)(length > Qcow2Header.Version3Length ? start[104] : 0),
        };
        if (header.L1Size < layout.L1EntriesFor(header.Size))
            throw Wrong("its L1 table is too short for its size");
        if (header.RefcountTableClusters == 0 || header.RefcountTableOffset == 0)
            throw Wrong("it has no refcount table");
        return header;
    }

    private Qcow2Header Extensions(Qcow2Header header, ReadOnlySpan<byte> head)
    {
        var end = Get64(head, 8) is > 0 and var name && name < (ulong)head.Length ? (int)name : head.Length;
        for (var at = header.HeaderLength; at + 8 <= end;)
        {
            var type = Get32(head, at);
            var length = Get32(head, at + 4);
            at += 8;
            if (type == 0)
                break;
            if (length > end - at)
                throw Wrong("an extension of its header is longer than the header");
            var data = head.Slice(at, (int)length);
            switch (type)
            {
                case BackingFormatType:
                    header = header with { BackingFormat = Encoding.UTF8.GetString(data) };
                    break;
                case FeatureNamesType:
                    NameFeatures(data);
                    break;
                case BitmapsType when length >= 24 && (header.Autoclear & Qcow2Features.Bitmaps) != 0:
                    header = header with { Bitmaps = Bitmaps(data, header.Layout) };
                    break;
            }
            at += (int)((length + 7) & ~7u);
        }
        return header;
    }

    private void NameFeatures(ReadOnlySpan<byte> table)
    {
        for (; table.Length >= FeatureNameEntry; table = table[FeatureNameEntry..])
        {
            const byte incompatible = 0;
            if (table[0] == incompatible && table[1] < 64)
                _featureNames.TryAdd(table[1], Printable(table[2..FeatureNameEntry]));
        }
    }

    private BitmapDirectory Bitmaps(ReadOnlySpan<byte> data, Qcow2Layout layout)
    {
        const int mostBitmaps = 65535, largestDirectory = 64 * 1024 * 1024;
        return new(Count(data, 0, mostBitmaps, "list of bitmaps"), Aligned(data, 16, layout, "list of bitmaps"),
            Get64(data, 8) is var length and <= largestDirectory ? (long)length : throw Wrong("its list of bitmaps is too long"));
    }

    private void RefuseUnsupported(Qcow2Header header, uint encryption)
    {
        if (Qcow2Features.Unsupported(header.Incompatible, _featureNames).ToList() is { Count: > 0 } features)
            throw new DiskImageException(
                $"{path} needs {string.Join(" and ", features)}, which this program does not have. Convert it with \"qemu-img convert -O qcow2\".");
        if (encryption != 0)
            throw new DiskImageException($"{path} is encrypted, which this program cannot do. Convert it with \"qemu-img convert -O qcow2\".");
        if (!Enum.IsDefined(header.Compression) || (header.Compression != 0) != ((header.Incompatible & Qcow2Features.CompressionType) != 0))
            throw Wrong($"its header gives {(int)header.Compression} as the kind of compression");
    }

    private string? BackingName(ReadOnlySpan<byte> head)
    {
        var (offset, length) = (Get64(head, 8), Get32(head, 16));
        if (offset == 0 || length == 0)
            return null;
        if (length > LongestBackingName || offset > (ulong)(head.Length - length))
            throw Wrong("the name of the image it is based on does not lie in its header");
        return Encoding.UTF8.GetString(head.Slice((int)offset, (int)length));
    }

    private int Count(ReadOnlySpan<byte> bytes, int at, int most, string what) =>
        Get32(bytes, at) is var value && value <= most ? (int)value : throw Wrong($"its {what} would have {value} entries");

    private long Aligned(ReadOnlySpan<byte> bytes, int at, Qcow2Layout layout, string what)
    {
        var offset = Offset(bytes, at, what);
        return layout.IsAligned(offset) ? offset : throw Wrong($"its {what} does not start with a cluster");
    }

    private long Offset(ReadOnlySpan<byte> bytes, int at, string what) =>
        Get64(bytes, at) is var value && value <= 1UL << 62 ? (long)value : throw Wrong($"its {what} is out of bounds");

    private DiskImageException Wrong(string what) =>
        new($"{path} is damaged or no qcow2 image: {what}. Restore it from a copy.");

    private static string Printable(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)0);
        var chars = Encoding.UTF8.GetString(end < 0 ? text : text[..end]).Where(c => !char.IsControl(c));
        return string.Concat(chars);
    }

    private static uint Get32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    private static ulong Get64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64BigEndian(bytes[at..]);
}
