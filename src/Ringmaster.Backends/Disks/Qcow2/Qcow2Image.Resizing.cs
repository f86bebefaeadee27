namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>Changes of the disk's length.</summary>
internal sealed partial class Qcow2Image
{
    /// <summary>Makes the disk longer by zeros, or shorter.</summary>
    /// <param name="length">A multiple of 512.</param>
    internal void Resize(long length)
    {
        var before = Length;
        if (length < before)
        {
            var first = _tables.Layout.OffsetOf(_tables.Layout.ClustersFor(length));
            ForWholeClusters(first, before - first, (at, count) => Clear(at, count, keepsRoom: false));
        }
        Change(() =>
        {
            var needed = _tables.Layout.L1EntriesFor(length);
            if (needed * sizeof(ulong) > Format.Qcow2HeaderReader.LargestL1)
                throw new DiskImageException($"{_file.Path} cannot become that large with clusters of {_tables.Layout.ClusterSize} bytes. "
                    + "Convert it with larger ones.");
            var entries = new ulong[Math.Max(needed, _tables.L1.Count)];
            _tables.L1.Entries.CopyTo(entries);
            SwitchL1(entries, length);
            _tables.Commit();
        });
        if (length <= before)
            return;
        // Neither what an earlier shortening left in the last cluster nor what the backing image has there shall show.
        var hidden = Math.Max(_tables.Layout.OffsetOf(_tables.Layout.ClustersFor(before)), _backing?.Length ?? 0);
        if (Math.Min(hidden, length) is var end && end > before)
            WriteZeroes(before, end - before, mayUnmap: true);
    }
}
