using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2;
using Ringmaster.Backends.Disks.Qcow2.Checking;
using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Raw;

namespace Ringmaster.Backends.Disks;

/// <summary>Opens images, with all that they are based on.</summary>
public static class DiskImages
{
    /// <summary>The longest chain of images that are based on each other.</summary>
    public const int LongestChain = 64;

    /// <summary>Opens an image.</summary>
    /// <exception cref="DiskImageException">It cannot be opened, is in use, damaged, or of a format that this program does not have.</exception>
    public static IDiskImage Open(DiskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.IsSnapshot)
            return Open(options, []);
        var below = Open(options with { IsReadOnly = true, IsSnapshot = false });
        try
        {
            return Overlay(below);
        }
        catch
        {
            below.Dispose();
            throw;
        }
    }

    /// <summary>A temporary image over another one, which it takes over.</summary>
    private static Qcow2Image Overlay(IDiskImage below)
    {
        var file = ImageFile.CreateTemporary();
        try
        {
            return new Qcow2Image(file, Qcow2Creator.Create(file, new Qcow2Settings(below.Length)), below);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens an image and what is below it.</summary>
    /// <param name="options">How.</param>
    /// <param name="above">The paths of the images that are based on this one.</param>
    private static IDiskImage Open(DiskOptions options, IReadOnlyList<string> above)
    {
        var file = ImageFile.Open(options.Path, options.IsReadOnly, options.Cache);
        try
        {
            var format = options.Format ?? FormatProbe.Of(file);
            if (format == DiskFormat.Qcow2)
                return OpenQcow2(file, options, above);
            var raw = new RawImage(file);
            return options.Format is null && !options.IsReadOnly ? new ProbedRawImage(raw) : raw;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal static Qcow2Image OpenQcow2(string path, bool isReadOnly)
    {
        var options = new DiskOptions(path, DiskFormat.Qcow2, isReadOnly);
        return (Qcow2Image)Open(options, []);
    }

    private static Qcow2Image OpenQcow2(ImageFile file, DiskOptions options, IReadOnlyList<string> above)
    {
        var header = new Qcow2HeaderReader(options.Path).Read(file);
        if (header.IsDirty && !file.IsReadOnly)
            header = Recounted(file, header);
        var below = header.BackingFile is { } name ? OpenBacking(options, header, name, above) : null;
        try
        {
            return new Qcow2Image(file, header, below);
        }
        catch
        {
            below?.Dispose();
            throw;
        }
    }

    /// <summary>Counts anew, as an image demands whose writer did not keep its counts up and then crashed.</summary>
    private static Qcow2Header Recounted(ImageFile file, Qcow2Header header)
    {
        var (_, repaired) = Qcow2Checker.Repair(file, header, CancellationToken.None);
        return repaired.IsDirty
            ? throw Qcow2Damage.Found(file.Path, "its reference counts could not be made anew after a crash")
            : repaired;
    }

    private static IDiskImage OpenBacking(DiskOptions options, Qcow2Header header, string name, IReadOnlyList<string> above)
    {
        // A guest can write such a header to the start of a raw disk; see ProbedRawImage.
        if (above.Count > 0 && options.Format is null)
        {
            throw new DiskImageException($"{above[^1]} does not say of which format {options.Path} is, and that is based on a further file. "
                + $"Say so with \"qemu-img rebase -u -F qcow2 -b {options.Path} {above[^1]}\".");
        }
        var path = BackingReference.Resolve(options.Path, name);
        IReadOnlyList<string> chain = [.. above, Path.GetFullPath(options.Path)];
        if (chain.Contains(path))
            throw new DiskImageException($"{options.Path} is based on {path}, which is based on it in turn. Restore one of them from a copy.");
        if (chain.Count >= LongestChain)
            throw new DiskImageException($"{chain[0]} is based on a chain of more than {LongestChain} images. Convert it with \"ringmaster image convert\".");
        var format = BackingReference.Format(options.Path, header.BackingFormat);
        return Open(new DiskOptions(path, format, IsReadOnly: true), chain);
    }
}
