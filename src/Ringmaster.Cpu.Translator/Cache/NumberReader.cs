namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>Reads what a <see cref="NumberWriter"/> has written.</summary>
/// <param name="bytes">From the first number on.</param>
internal ref struct NumberReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>There is nothing more.</summary>
    public readonly bool IsAtEnd => _bytes.IsEmpty;

    /// <summary>Reads a number.</summary>
    public ulong Read()
    {
        ulong number = _bytes[0];
        var length = 1;
        if (number >= 0x80)
        {
            number &= 0x7F;
            ulong part;
            do
            {
                part = _bytes[length];
                number |= (part & 0x7F) << 7 * length++;
            }
            while (part >= 0x80);
        }
        _bytes = _bytes[length..];
        return number;
    }

    /// <summary>Reads a signed number.</summary>
    public long ReadSigned()
    {
        var number = Read();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }
}
