using System.Globalization;
using System.Text;

namespace Ringmaster.Backends.Guests;

/// <summary>
/// Writes the archives that Linux unpacks into its first file system (Linux, Documentation/driver-api/early-userspace/
/// buffer-format.rst, the "newc" form). Everything belongs to root and is dated 1970, so that the same content gives the same
/// bytes.
/// </summary>
public sealed class CpioArchive
{
    private const uint DirectoryMode = 0x4000 | 0x1ED, LinkMode = 0xA000 | 0x1FF, CharacterDeviceMode = 0x2000 | 0x180;
    private const uint FileMode = 0x8000 | 0x1A4, ProgramMode = 0x8000 | 0x1ED;

    private readonly MemoryStream _bytes = new();
    private uint _inode;

    /// <summary>Adds a directory. Its parent must have been added before.</summary>
    /// <param name="path">Without a slash at the start.</param>
    public void AddDirectory(string path) => Add(path, DirectoryMode, [], 2);

    /// <summary>Adds a symbolic link.</summary>
    public void AddLink(string path, string target) => Add(path, LinkMode, Encoding.UTF8.GetBytes(target), 1);

    /// <summary>Adds a file.</summary>
    public void AddFile(string path, ReadOnlySpan<byte> content, bool executable = false) =>
        Add(path, executable ? ProgramMode : FileMode, content, 1);

    /// <summary>Adds a character device.</summary>
    public void AddCharacterDevice(string path, uint major, uint minor) => Add(path, CharacterDeviceMode, [], 1, major, minor);

    /// <summary>Ends the archive.</summary>
    /// <returns>All of it.</returns>
    public byte[] ToArray()
    {
        Add("TRAILER!!!", 0, [], 1);
        return _bytes.ToArray();
    }

    private void Add(string path, uint mode, ReadOnlySpan<byte> content, uint links, uint major = 0, uint minor = 0)
    {
        var name = Encoding.UTF8.GetBytes(path + '\0');
        uint[] fields = [++_inode, mode, 0, 0, links, 0, (uint)content.Length, 0, 0, major, minor, (uint)name.Length, 0];
        _bytes.Write("070701"u8);
        foreach (var field in fields)
            _bytes.Write(Encoding.ASCII.GetBytes(field.ToString("X8", CultureInfo.InvariantCulture)));
        _bytes.Write(name);
        Align();
        _bytes.Write(content);
        Align();
    }

    private void Align()
    {
        while (_bytes.Length % 4 != 0)
            _bytes.WriteByte(0);
    }
}
