namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>Where the code of a region's instructions begins, packed: each place tells how it differs from the one before it.</summary>
/// <param name="bytes">What <see cref="Write"/> has written.</param>
internal ref struct PlaceNotes(ReadOnlySpan<byte> bytes)
{
    private NumberReader _reader = new(bytes);

    /// <summary>The place.</summary>
    public InstructionPlace Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly PlaceNotes GetEnumerator() => this;

    /// <summary>Writes places in ascending order.</summary>
    public static void Write(NumberWriter writer, ReadOnlySpan<InstructionPlace> places)
    {
        InstructionPlace before = default;
        foreach (ref readonly var place in places)
        {
            writer.Write((ulong)(place.Place - before.Place) << 1 | (place.Unfit != 0 ? 1UL : 0));
            writer.WriteSigned(place.Offset - before.Offset);
            writer.WriteSigned(place.Uncounted - before.Uncounted);
            if (place.Unfit != 0)
                writer.Write((ulong)place.Unfit);
            before = place;
        }
    }

    /// <summary>Reads the next one.</summary>
    public bool MoveNext()
    {
        if (_reader.IsAtEnd)
            return false;
        var head = _reader.Read();
        Current = new InstructionPlace(Current.Place + (int)(head >> 1), (short)(Current.Offset + _reader.ReadSigned()), (short)(Current.Uncounted + _reader.ReadSigned()))
        {
            Unfit = (head & 1) != 0 ? (int)_reader.Read() : 0,
        };
        return true;
    }
}
