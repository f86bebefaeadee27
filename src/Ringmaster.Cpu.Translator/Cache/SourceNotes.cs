namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>What a region was made from, packed.</summary>
/// <param name="bytes">What <see cref="Write"/> has written.</param>
/// <param name="page">Number of the guest-physical page that the region begins in.</param>
internal ref struct SourceNotes(ReadOnlySpan<byte> bytes, ulong page)
{
    private readonly ulong _page = page;
    private NumberReader _reader = new(bytes);

    /// <summary>The bytes.</summary>
    public SourceRun Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly SourceNotes GetEnumerator() => this;

    /// <summary>Writes runs of a region that begins in some page.</summary>
    public static void Write(NumberWriter writer, ReadOnlySpan<SourceRun> sources, ulong page)
    {
        foreach (var source in sources)
        {
            writer.WriteSigned((long)(source.Page - page));
            writer.Write(source.First);
            writer.Write((ulong)(source.End - source.First));
        }
    }

    /// <summary>Reads the next one.</summary>
    public bool MoveNext()
    {
        if (_reader.IsAtEnd)
            return false;
        var number = _page + (ulong)_reader.ReadSigned();
        var first = (ushort)_reader.Read();
        Current = new SourceRun(number, first, (ushort)(first + _reader.Read()));
        return true;
    }
}
