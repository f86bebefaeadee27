using System.Globalization;
using System.Text;

namespace Ringmaster.Firmware.Initramfs;

/// <summary>
/// Writes an archive in cpio's "newc" format, as a Linux initramfs (Documentation/driver-api/early-userspace/buffer-format.rst).
/// The same calls give the same bytes. Parent directories that were not added come into being with mode 0755.
/// </summary>
/// <param name="modified">The time stamp of all entries, in whole seconds from 1970 to 2106.</param>
public sealed class CpioArchive(DateTimeOffset modified = default)
{
    private const int Alignment = 4, BlockSize = 512;
    private const uint RegularFile = 0x8000, Directory = 0x4000, SymbolicLink = 0xA000, CharacterDevice = 0x2000, BlockDevice = 0x6000;
    private const uint PermissionBits = 0xFFF, DefaultDirectoryMode = 0x1ED, LinkMode = 0x1FF;
    private const string Trailer = "TRAILER!!!";

    private readonly uint _modified = (uint)Math.Clamp(modified.ToUnixTimeSeconds(), 0, uint.MaxValue);
    private readonly ByteWriter _archive = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private uint _inode;

    /// <summary>Adds a directory.</summary>
    /// <param name="path">Relative, with slashes: <c>"usr/bin"</c>.</param>
    /// <param name="permissions">Mode bits, 07777 at most; 0755 by default.</param>
    public CpioArchive AddDirectory(string path, uint permissions = DefaultDirectoryMode) => Add(path, Directory, permissions, default);

    /// <summary>Adds a file.</summary>
    /// <param name="path">Relative, with slashes.</param>
    /// <param name="content">Less than 4 GiB.</param>
    /// <param name="permissions">Mode bits; 0644 by default.</param>
    public CpioArchive AddFile(string path, ReadOnlySpan<byte> content, uint permissions = 0x1A4) => Add(path, RegularFile, permissions, content);

    /// <summary>Adds a symbolic link.</summary>
    public CpioArchive AddSymbolicLink(string path, string target) => Add(path, SymbolicLink, LinkMode, Encoding.UTF8.GetBytes(target));

    /// <summary>Adds a character device.</summary>
    public CpioArchive AddCharacterDevice(string path, uint major, uint minor, uint permissions = 0x180) =>
        Add(path, CharacterDevice, permissions, default, major, minor);

    /// <summary>Adds a block device.</summary>
    public CpioArchive AddBlockDevice(string path, uint major, uint minor, uint permissions = 0x180) =>
        Add(path, BlockDevice, permissions, default, major, minor);

    /// <summary>The archive so far, with its trailer, a multiple of 512 bytes long.</summary>
    public byte[] ToArray()
    {
        var whole = new ByteWriter().Bytes(_archive.ToArray());
        WriteEntry(whole, Trailer, inode: 0, mode: 0, links: 1, time: 0, default, 0, 0);
        return whole.Align(BlockSize).ToArray();
    }

    private CpioArchive Add(string path, uint kind, uint permissions, ReadOnlySpan<byte> content, uint major = 0, uint minor = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal) || path == Trailer || path.Split('/').Any(part => part is "" or "." or ".."))
            throw new ArgumentException($"\"{path}\" is no relative path of plain names; write it like \"usr/bin/tool\".", nameof(path));
        if (_names.Contains(path))
            throw new ArgumentException($"\"{path}\" is in the archive already; add it once.", nameof(path));

        // Linux unpacks in order and makes no parents.
        var slash = path.LastIndexOf('/');
        if (slash > 0 && !_names.Contains(path[..slash]))
            AddDirectory(path[..slash]);
        _names.Add(path);
        WriteEntry(_archive, path, ++_inode, kind | permissions & PermissionBits, kind == Directory ? 2u : 1u, _modified, content, major, minor);
        return this;
    }

    private static void WriteEntry(
        ByteWriter archive, string name, uint inode, uint mode, uint links, uint time, ReadOnlySpan<byte> content, uint major, uint minor)
    {
        var nameBytes = Encoding.UTF8.GetBytes(name + "\0");
        archive.Ascii("070701");
        ReadOnlySpan<uint> fields = [inode, mode, 0, 0, links, time, (uint)content.Length, 0, 0, major, minor, (uint)nameBytes.Length, 0];
        foreach (var field in fields)
            archive.Ascii(field.ToString("x8", CultureInfo.InvariantCulture));
        archive.Bytes(nameBytes).Align(Alignment).Bytes(content).Align(Alignment);
    }
}
