namespace Ringmaster.Memory;

/// <summary>Who knows of stores to guest RAM that <see cref="CodeWatch"/> does not hear of: an engine whose vCPUs store by themselves.</summary>
/// <remarks>The log calls one method at a time.</remarks>
public interface IDirtySource
{
    /// <summary>Begins to note which pages are stored to.</summary>
    void Start();

    /// <summary>Tells of the pages that have been stored to since the start, or the last call, and begins anew.</summary>
    /// <param name="pages">Receives them, beside those that are there.</param>
    void Collect(DirtyPages pages);

    /// <summary>Notes nothing any more.</summary>
    void Stop();
}
