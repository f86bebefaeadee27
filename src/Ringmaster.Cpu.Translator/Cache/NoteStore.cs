namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>
/// Keeps the notes of many regions, which live equally long, in a few long arrays that the garbage collector need not look into.
/// </summary>
internal sealed class NoteStore
{
    // Short of what the collector counts as large, for large arrays are collected late.
    private const int SlabSize = 64 * 1024;

    private readonly NumberWriter _writer = new();
    private readonly List<int> _groups = [];
    private byte[] _slab = [];
    private int _used;

    /// <summary>Keeps notes.</summary>
    /// <param name="exits">Where the region leaves.</param>
    /// <param name="places">Where its instructions' code begins, in ascending order.</param>
    /// <param name="relocations">What is different where the code is mapped elsewhere; empty if it cannot be moved.</param>
    /// <param name="sources">What it was made from.</param>
    /// <param name="page">Number of the guest-physical page that it begins in.</param>
    public RegionNotes Keep(ReadOnlySpan<ExitPoint> exits, ReadOnlySpan<InstructionPlace> places, ReadOnlySpan<Relocation> relocations,
        ReadOnlySpan<SourceRun> sources, ulong page)
    {
        _writer.Clear();
        _groups.Clear();
        ExitNotes.Write(_writer, exits, _groups);
        foreach (var start in _groups)
            _writer.WriteWord(start);
        var beforePlaces = _writer.Length;
        PlaceNotes.Write(_writer, places);
        var beforeRelocations = _writer.Length;
        RelocationNotes.Write(_writer, relocations);
        var beforeSources = _writer.Length;
        SourceNotes.Write(_writer, sources, page);
        return new RegionNotes(Keep(_writer.Written), exits.Length, beforePlaces, beforeRelocations, beforeSources);
    }

    /// <summary>Begins anew. What was kept stays as long as someone holds it.</summary>
    public void Clear() => (_slab, _used) = ([], 0);

    private ArraySegment<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _slab.Length - _used)
            (_slab, _used) = (GC.AllocateUninitializedArray<byte>(Math.Max(SlabSize, bytes.Length)), 0);
        var kept = new ArraySegment<byte>(_slab, _used, bytes.Length);
        bytes.CopyTo(kept);
        _used += bytes.Length;
        return kept;
    }
}
