namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>Writes numbers in as few bytes as they take: seven bits a byte, the lowest first (LEB128; DWARF 5 section 7.6).</summary>
internal sealed class NumberWriter
{
    private byte[] _bytes = new byte[4096];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Begins anew.</summary>
    public void Clear() => Length = 0;

    /// <summary>Writes a number.</summary>
    public void Write(ulong number)
    {
        MakeRoom();
        for (; number >= 0x80; number >>= 7)
            _bytes[Length++] = (byte)(number | 0x80);
        _bytes[Length++] = (byte)number;
    }

    /// <summary>Writes a number of 32 bits, the lowest first.</summary>
    public void WriteWord(int number)
    {
        MakeRoom();
        for (var shift = 0; shift < 32; shift += 8)
            _bytes[Length++] = (byte)(number >> shift);
    }

    /// <summary>Writes a number near zero: its sign is the lowest bit.</summary>
    public void WriteSigned(long number) => Write((ulong)(number << 1 ^ number >> 63));

    private void MakeRoom()
    {
        if (_bytes.Length - Length < 10)
            Array.Resize(ref _bytes, 2 * _bytes.Length);
    }
}
