namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>Reads what a <see cref="NumberWriter"/> has written.</summary>
/// <param name="bytes">From the first number on.</param>
internal ref struct NumberReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>There is nothing more.</summary>
    public readonly bool IsAtEnd => _at == _bytes.Length;

    /// <summary>Reads a number.</summary>
    public ulong Read()
    {
        ulong number = _bytes[_at++];
        if (number < 0x80)
            return number;
        number &= 0x7F;
        ulong part;
        var shift = 0;
        do
        {
            part = _bytes[_at++];
            number |= (part & 0x7F) << (shift += 7);
        }
        while (part >= 0x80);
        return number;
    }

    /// <summary>Reads a signed number.</summary>
    public long ReadSigned()
    {
        var number = Read();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }
}
