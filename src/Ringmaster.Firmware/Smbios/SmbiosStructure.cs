namespace Ringmaster.Firmware.Smbios;

/// <summary>Builds one structure: a formatted area and the strings that it counts from 1 (DSP0134 3.7 section 6.1).</summary>
internal sealed class SmbiosStructure(int type, int handle)
{
    private const int HeaderSize = 4;
    private readonly ByteWriter _fields = new();
    private readonly List<string> _strings = [];

    public SmbiosStructure U8(params ReadOnlySpan<int> values)
    {
        foreach (var value in values)
            _fields.U8(value);
        return this;
    }

    public SmbiosStructure U16(params ReadOnlySpan<int> values)
    {
        foreach (var value in values)
            _fields.U16(value);
        return this;
    }

    public SmbiosStructure U32(uint value)
    {
        _fields.U32(value);
        return this;
    }

    public SmbiosStructure U64(ulong value)
    {
        _fields.U64(value);
        return this;
    }

    public SmbiosStructure Bytes(ReadOnlySpan<byte> bytes)
    {
        _fields.Bytes(bytes);
        return this;
    }

    /// <summary>A string's number; 0 stands for none.</summary>
    public SmbiosStructure Text(string text)
    {
        // A NUL would end the string early and shift the numbers of those behind it.
        var clean = new string([.. text.Where(c => c is >= ' ' and <= '~')]);
        if (clean.Length == 0)
            return U8(0);
        _strings.Add(clean);
        return U8(_strings.Count);
    }

    public byte[] ToArray()
    {
        var structure = new ByteWriter().U8(type).U8(HeaderSize + _fields.Length).U16(handle).Bytes(_fields.ToArray());
        foreach (var text in _strings)
            structure.Ascii(text).U8(0);
        return structure.Zeros(_strings.Count == 0 ? 2 : 1).ToArray();
    }
}
