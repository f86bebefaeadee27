using System.Buffers.Binary;
using System.Text;

namespace Ringmaster.Devices.FwCfg;

/// <summary>The file directory, item 19h: files sorted by name, with keys in that order from 20h on.</summary>
internal sealed class FwCfgDirectory
{
    public const ushort FirstKey = 0x20;

    /// <summary>Bytes of a name, the terminating zero included.</summary>
    public const int NameLength = 56;

    // Keys 20h to 3FFFh; bits 14 and 15 have meanings of their own.
    private const int Capacity = 0x4000 - FirstKey;
    private const int HeaderLength = 4, EntryLength = 64;

    private readonly SortedList<string, FwCfgItem> _files = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, FwCfgItem>> Files => _files;

    public void Add(string name, FwCfgItem item)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length >= NameLength || !Ascii.IsValid(name) || name.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' is not a name for a firmware configuration file: at most 55 ASCII characters.", nameof(name));
        if (_files.Count == Capacity)
            throw new ArgumentException("There is no room for another firmware configuration file.", nameof(name));
        if (!_files.TryAdd(name, item))
            throw new ArgumentException($"There is already a firmware configuration file '{name}'.", nameof(name));
    }

    public FwCfgItem? Find(ushort key)
    {
        var index = key - FirstKey;
        return index >= 0 && index < _files.Count ? _files.GetValueAtIndex(index) : null;
    }

    public FwCfgItem? Find(string name) => _files.GetValueOrDefault(name);

    /// <summary>FWCfgFiles: a count, then size, key, reserved and name of each file; numbers big-endian.</summary>
    public byte[] Serialize()
    {
        var bytes = new byte[HeaderLength + EntryLength * _files.Count];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_files.Count);
        for (var i = 0; i < _files.Count; i++)
        {
            var entry = bytes.AsSpan(HeaderLength + i * EntryLength, EntryLength);
            BinaryPrimitives.WriteUInt32BigEndian(entry, (uint)_files.GetValueAtIndex(i).Length);
            BinaryPrimitives.WriteUInt16BigEndian(entry[4..], (ushort)(FirstKey + i));
            Encoding.ASCII.GetBytes(_files.GetKeyAtIndex(i), entry[8..]);
        }
        return bytes;
    }
}
