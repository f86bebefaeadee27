namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>
/// A region's exits, packed: each tells how it differs from the one before it, and only what it has. Every eighth begins anew, so that
/// none needs more than seven others.
/// </summary>
/// <param name="bytes">What <see cref="Write"/> has written.</param>
internal ref struct ExitNotes(ReadOnlySpan<byte> bytes)
{
    /// <summary>Exits that tell how they differ from each other.</summary>
    public const int GroupSize = 8;

    // Beside the kind in an exit's first number, the frequent ones in its first byte.
    private const int KindBits = 4;
    private const uint CountsItself = 0x10, HasLink = 0x20, HasCode = 0x40, HasCheck = 0x80, HasUncounted = 0x100, ChecksFollowing = 0x200, HasNext = 0x400;

    private NumberReader _reader = new(bytes);
    private int _link, _inGroup;

    /// <summary>The exit.</summary>
    public ExitPoint Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly ExitNotes GetEnumerator() => this;

    /// <summary>Writes exits.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="exits">The exits.</param>
    /// <param name="starts">Is told where each group but the first begins.</param>
    public static void Write(NumberWriter writer, ReadOnlySpan<ExitPoint> exits, List<int> starts)
    {
        for (var first = 0; first < exits.Length; first += GroupSize)
        {
            if (first != 0)
                starts.Add(writer.Length);
            WriteGroup(writer, exits[first..Math.Min(first + GroupSize, exits.Length)]);
        }
    }

    private static void WriteGroup(NumberWriter writer, ReadOnlySpan<ExitPoint> exits)
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
        var offset = _reader.ReadSigned();
        if (_inGroup == GroupSize)
            _inGroup = _link = 0;
        if (_inGroup++ != 0)
            offset += Current.Offset;
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
