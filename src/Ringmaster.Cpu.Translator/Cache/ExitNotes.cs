namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>A region's exits, packed: each tells how it differs from the one before it, and only what it has.</summary>
/// <param name="bytes">What <see cref="Write"/> has written.</param>
internal ref struct ExitNotes(ReadOnlySpan<byte> bytes)
{
    // Beside the kind in an exit's first number, the frequent ones in its first byte.
    private const int KindBits = 4;
    private const uint CountsItself = 0x10, HasLink = 0x20, HasCode = 0x40, HasCheck = 0x80, HasUncounted = 0x100, ChecksFollowing = 0x200, HasNext = 0x400;

    private NumberReader _reader = new(bytes);
    private int _link;

    /// <summary>The exit.</summary>
    public ExitPoint Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly ExitNotes GetEnumerator() => this;

    /// <summary>Writes exits.</summary>
    public static void Write(NumberWriter writer, ReadOnlySpan<ExitPoint> exits)
    {
        long offset = 0;
        var link = 0;
        foreach (ref readonly var exit in exits)
        {
            writer.Write((uint)exit.Kind | Bit(exit.CountsItself, CountsItself) | Bit(exit.LinkPlace >= 0, HasLink) | Bit(exit.Code != 0, HasCode)
                | Bit(exit.CheckPlace >= 0, HasCheck) | Bit(exit.Uncounted != 0, HasUncounted) | Bit(exit.ChecksFollowing, ChecksFollowing)
                | Bit(exit.Next != 0, HasNext));
            writer.WriteSigned(exit.Offset - offset);
            offset = exit.Offset;
            if (exit.LinkPlace >= 0)
            {
                writer.WriteSigned(exit.LinkPlace - link);
                link = exit.LinkPlace;
            }
            if (exit.Code != 0)
                writer.Write((ulong)exit.Code);
            if (exit.CheckPlace >= 0)
                writer.WriteSigned(link - exit.CheckPlace);
            if (exit.Uncounted != 0)
                writer.WriteSigned(exit.Uncounted);
            if (exit.Next != 0)
                writer.WriteSigned(exit.Next);
        }
    }

    /// <summary>Reads the next one.</summary>
    public bool MoveNext()
    {
        if (_reader.IsAtEnd)
            return false;
        var head = (uint)_reader.Read();
        var offset = Current.Offset + _reader.ReadSigned();
        if ((head & HasLink) != 0)
            _link += (int)_reader.ReadSigned();
        Current = new ExitPoint((ExitKind)(head & ((1 << KindBits) - 1)), offset)
        {
            CountsItself = (head & CountsItself) != 0,
            ChecksFollowing = (head & ChecksFollowing) != 0,
            LinkPlace = (head & HasLink) != 0 ? _link : -1,
            Code = (head & HasCode) != 0 ? (Iced.Intel.Code)_reader.Read() : default,
            CheckPlace = (head & HasCheck) != 0 ? _link - (int)_reader.ReadSigned() : -1,
            Uncounted = (head & HasUncounted) != 0 ? (int)_reader.ReadSigned() : 0,
            Next = (head & HasNext) != 0 ? (int)_reader.ReadSigned() : 0,
        };
        return true;
    }

    private static uint Bit(bool isSet, uint bit) => isSet ? bit : 0;
}
