namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>What in a region's code depends on where it is, packed: each place tells how far it is from the one before it.</summary>
/// <param name="bytes">What <see cref="Write"/> has written.</param>
internal ref struct RelocationNotes(ReadOnlySpan<byte> bytes)
{
    private const int KindBits = 3;

    private NumberReader _reader = new(bytes);

    /// <summary>The place, and what is there.</summary>
    public Relocation Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly RelocationNotes GetEnumerator() => this;

    /// <summary>Writes relocations in any order.</summary>
    public static void Write(NumberWriter writer, ReadOnlySpan<Relocation> relocations)
    {
        var before = 0;
        foreach (var (place, kind) in relocations)
        {
            writer.WriteSigned((long)(place - before) << KindBits | (long)kind);
            before = place;
        }
    }

    /// <summary>Reads the next one.</summary>
    public bool MoveNext()
    {
        if (_reader.IsAtEnd)
            return false;
        var number = _reader.ReadSigned();
        Current = new Relocation(Current.Place + (int)(number >> KindBits), (RelocationKind)(number & ((1 << KindBits) - 1)));
        return true;
    }
}
