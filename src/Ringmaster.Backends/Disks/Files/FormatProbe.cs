using System.Buffers.Binary;

namespace Ringmaster.Backends.Disks.Files;

/// <summary>Tells formats by what images begin with.</summary>
internal static class FormatProbe
{
    /// <summary>How many bytes at the start decide.</summary>
    internal const int Length = 512;

    private const uint VdiSignature = 0xBEDA_107F;
    private const int VdiSignatureAt = 64;

    private static readonly (byte[] Start, string Name)[] s_others =
    [
        ("vhdxfile"u8.ToArray(), "VHDX"),
        ("KDMV"u8.ToArray(), "VMDK"),
        ("COWD"u8.ToArray(), "VMDK"),
        ("# Disk DescriptorFile"u8.ToArray(), "VMDK"),
        ("conectix"u8.ToArray(), "VHD"),
        ("QED\0"u8.ToArray(), "QED"),
        ("WithoutFreeSpace"u8.ToArray(), "Parallels"),
        ("WithouFreSpacExt"u8.ToArray(), "Parallels"),
        ([.. "QFI"u8, 0xFB, 0, 0, 0, 1], "qcow of version 1"),
    ];

    /// <summary>What a file's first bytes are the start of.</summary>
    /// <param name="start">At least <see cref="Length"/> bytes.</param>
    /// <returns>The format, raw if nothing is recognised; and the name of one that this program cannot use, which makes the format null.</returns>
    internal static (DiskFormat? Format, string? Other) Of(ReadOnlySpan<byte> start)
    {
        foreach (var (magic, name) in s_others)
        {
            if (start.StartsWith(magic))
                return (null, name);
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(start[VdiSignatureAt..]) == VdiSignature && start.StartsWith("<<< "u8))
            return (null, "VDI");
        return BinaryPrimitives.ReadUInt32BigEndian(start) == Qcow2.Format.Qcow2Header.Magic ? (DiskFormat.Qcow2, null) : (DiskFormat.Raw, null);
    }

    /// <summary>The format of an open file.</summary>
    /// <exception cref="DiskImageException">It is one that this program cannot use.</exception>
    internal static DiskFormat Of(ImageFile file)
    {
        var start = new byte[Length];
        file.Read(0, start.AsSpan());
        var (format, other) = Of(start);
        return format ?? throw new DiskImageException(
            $"{file.Path} is an image of the format {other}, which this program cannot use. Convert it with \"qemu-img convert -O qcow2 {file.Path} NEW.qcow2\".");
    }
}
