namespace Ringmaster.Backends.Disks;

/// <summary>The name by which an image refers to the one that it is based on.</summary>
internal static class BackingReference
{
    private const string FilePrefix = "file:";

    /// <summary>Makes the name a path: relative ones start from the directory of the image.</summary>
    /// <exception cref="DiskImageException">The name is no file's.</exception>
    internal static string Resolve(string imagePath, string name)
    {
        if (name.StartsWith(FilePrefix, StringComparison.Ordinal))
            name = name[FilePrefix.Length..];
        // As QEMU has it: a colon before any slash ends the name of a protocol.
        else if (name.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && !name.AsSpan(0, colon).Contains('/'))
            throw new DiskImageException($"{imagePath} is based on \"{Printable(name)}\", which is no file. Convert it with \"qemu-img convert -O qcow2\".");
        if (name.Contains('\0'))
            throw new DiskImageException($"{imagePath} is based on \"{Printable(name)}\", which is no path. Restore it from a copy.");
        return Path.GetFullPath(name, Path.GetDirectoryName(Path.GetFullPath(imagePath)) ?? "/");
    }

    /// <summary>The format that an image says its backing image has; null if it does not say.</summary>
    /// <exception cref="DiskImageException">It is none that can be used.</exception>
    internal static DiskFormat? Format(string imagePath, string? name) => name switch
    {
        null or "" => null,
        "raw" or "file" or "host_device" => DiskFormat.Raw,
        "qcow2" => DiskFormat.Qcow2,
        _ => throw new DiskImageException($"{imagePath} is based on an image of the format \"{Printable(name)}\", which this program cannot use. "
            + "Convert it with \"qemu-img convert -O qcow2\"."),
    };

    private static string Printable(string name) => string.Concat(name.Where(c => !char.IsControl(c)));
}
