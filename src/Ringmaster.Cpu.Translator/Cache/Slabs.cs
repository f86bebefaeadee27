namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>
/// Keeps many short runs of values that live equally long in a few long arrays, which the garbage collector need neither look
/// into nor move.
/// </summary>
/// <typeparam name="T">Holds no references.</typeparam>
internal sealed class Slabs<T> where T : unmanaged
{
    private const int Size = 8192;

    private T[] _slab = [];
    private int _used;

    /// <summary>Keeps a copy.</summary>
    public ArraySegment<T> Keep(ReadOnlySpan<T> values)
    {
        if (values.Length > _slab.Length - _used)
            (_slab, _used) = (GC.AllocateUninitializedArray<T>(Math.Max(Size, values.Length)), 0);
        var kept = new ArraySegment<T>(_slab, _used, values.Length);
        values.CopyTo(kept);
        _used += values.Length;
        return kept;
    }

    /// <summary>Begins anew. What was kept stays as long as someone holds it.</summary>
    public void Clear() => (_slab, _used) = ([], 0);
}
