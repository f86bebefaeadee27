namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>Reading.</summary>
internal sealed partial class Qcow2Image
{
    public void Read(long offset, DiskBuffers buffers)
    {
        _lock.EnterReadLock();
        try
        {
            ReadLocked(offset, buffers, waits: true);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public bool TryRead(long offset, DiskBuffers buffers)
    {
        if (!_lock.TryEnterReadLock(0))
            return false;
        try
        {
            return ReadLocked(offset, buffers, waits: false);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public ImageExtent ExtentAt(long offset, long length)
    {
        _lock.EnterReadLock();
        try
        {
            var run = _map.Find(offset, Math.Min(length, Length - offset));
            if (run.Entry.IsData)
                return new(run.Length, ExtentKind.Data);
            if (run.Entry.IsCompressed)
                return new(run.Length, ExtentKind.Compressed);
            return run.Entry.IsZero ? new(run.Length, ExtentKind.Zero) : Below(offset, run.Length);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    private ImageExtent Below(long offset, long length)
    {
        if (_backing is null || offset >= _backing.Length)
            return new(length, ExtentKind.Absent);
        var extent = _backing.ExtentAt(offset, Math.Min(length, _backing.Length - offset));
        return extent with { Kind = extent.IsZero ? extent.Kind : ExtentKind.Backing };
    }

    /// <summary>Fills buffers run by run.</summary>
    /// <param name="offset">On the disk.</param>
    /// <param name="buffers">What to fill.</param>
    /// <param name="waits">Whether it may wait for the host.</param>
    /// <returns>False if it would have had to wait; always true if it may.</returns>
    private bool ReadLocked(long offset, DiskBuffers buffers, bool waits)
    {
        while (buffers.Length > 0)
        {
            if (!waits && !_map.IsKnown(offset))
                return false;
            var run = _map.Find(offset, buffers.Length);
            if (!ReadRun(run, offset, buffers.Slice(0, run.Length), waits))
                return false;
            offset += run.Length;
            buffers = buffers.Slice(run.Length);
        }
        return true;
    }

    private bool ReadRun(in Qcow2Run run, long offset, DiskBuffers buffers, bool waits)
    {
        if (run.Entry.IsData)
        {
            if (!waits)
                return _file.TryRead(run.HostOffset, buffers);
            _file.Read(run.HostOffset, buffers);
        }
        else if (run.Entry.IsCompressed)
        {
            if (!waits)
                return false;
            buffers.CopyFrom(_compressed.Read(run.Entry).AsSpan(_tables.Layout.InCluster(offset), (int)run.Length));
        }
        else if (run.Entry.IsZero)
        {
            buffers.Clear();
        }
        else
        {
            return ReadBacking(offset, buffers, waits);
        }
        return true;
    }

    private bool ReadBacking(long offset, DiskBuffers buffers, bool waits)
    {
        var there = Math.Clamp((_backing?.Length ?? 0) - offset, 0, buffers.Length);
        if (there > 0)
        {
            var part = buffers.Slice(0, there);
            if (!waits && !_backing!.TryRead(offset, part))
                return false;
            if (waits)
                _backing!.Read(offset, part);
        }
        buffers.Slice(there).Clear();
        return true;
    }
}
