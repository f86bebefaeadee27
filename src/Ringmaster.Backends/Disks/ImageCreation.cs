using System.Numerics;
using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2;
using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Devices.Storage;

namespace Ringmaster.Backends.Disks;

/// <summary>Creates images.</summary>
public static class ImageCreation
{
    /// <summary>Creates an image of zeros, or of what it is based on.</summary>
    /// <returns>Bytes of the disk.</returns>
    /// <exception cref="DiskImageException">The file exists, cannot be made, or there is no such image.</exception>
    public static long Create(ImageSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Format == DiskFormat.Raw && spec.BackingFile is not null)
            throw new DiskImageException("A raw image cannot be based on another. Choose -f qcow2.");
        if (!BitOperations.IsPow2(spec.ClusterSize) || spec.ClusterSize < 1 << Qcow2Layout.LeastClusterBits || spec.ClusterSize > 1 << Qcow2Layout.MostClusterBits)
            throw new DiskImageException($"A cluster cannot have {spec.ClusterSize} bytes. Choose a power of two from 512 to 2M.");
        var (backingFormat, backingLength) = spec.BackingFile is null ? (null, null) : Backing(spec);
        var size = spec.Size ?? backingLength ?? throw new DiskImageException("A new image needs a size, for example 20G.");
        if (size <= 0 || size % BlockRequest.SectorSize != 0)
            throw new DiskImageException($"A disk cannot have {size} bytes. Choose a multiple of {BlockRequest.SectorSize}, for example 20G.");
        var file = ImageFile.Create(spec.Path, DiskCache.WriteBack);
        try
        {
            using (file)
                Fill(file, spec, size, backingFormat);
            return size;
        }
        catch
        {
            File.Delete(spec.Path);
            throw;
        }
    }

    private static void Fill(ImageFile file, ImageSpec spec, long size, DiskFormat? backingFormat)
    {
        if (spec.Format == DiskFormat.Raw)
        {
            file.SetLength(size);
            return;
        }
        Qcow2Creator.Create(file, new Qcow2Settings(size)
        {
            ClusterBits = BitOperations.Log2((uint)spec.ClusterSize),
            Compression = spec.UsesZstandard ? Qcow2Compression.Zstandard : Qcow2Compression.Deflate,
            BackingFile = spec.BackingFile,
            BackingFormat = backingFormat switch { DiskFormat.Raw => "raw", DiskFormat.Qcow2 => "qcow2", _ => null },
        });
    }

    /// <summary>Opens the backing image once: it has to be there and to be usable.</summary>
    private static (DiskFormat? Format, long? Length) Backing(ImageSpec spec)
    {
        var path = BackingReference.Resolve(spec.Path, spec.BackingFile!);
        var format = spec.BackingFormat ?? ImageInspection.FormatOf(path);
        using var image = DiskImages.Open(new DiskOptions(path, format, IsReadOnly: true));
        return (format, image.Length);
    }
}
