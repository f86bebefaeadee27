namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>Reading.</summary>
internal sealed partial class Qcow2Image
{
    public void Read(long offset, DiskBuffers buffers)
    {
        _lock.EnterReadLock();
        try
        {
            ReadLocked(offset, buffers);
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
            return TryReadLocked(offset, buffers);
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

    private void ReadLocked(long offset, DiskBuffers buffers)
    {
        while (buffers.Length > 0)
        {
            var run = _map.Find(offset, buffers.Length);
            var part = buffers.Slice(0, run.Length);
            if (run.Entry.IsData)
                _file.Read(run.HostOffset, part);
            else if (run.Entry.IsCompressed)
                part.CopyFrom(_compressed.Read(run.Entry).AsSpan(_tables.Layout.InCluster(offset), (int)run.Length));
            else if (run.Entry.IsZero)
                part.Clear();
            else
                ReadBacking(offset, part);
            offset += run.Length;
            buffers = buffers.Slice(run.Length);
        }
    }

    private bool TryReadLocked(long offset, DiskBuffers buffers)
    {
        while (buffers.Length > 0)
        {
            if (!_map.IsKnown(offset))
                return false;
            var run = _map.Find(offset, buffers.Length);
            var part = buffers.Slice(0, run.Length);
            if (run.Entry.IsCompressed || (run.Entry.IsData ? !_file.TryRead(run.HostOffset, part) : !run.Entry.IsZero && !TryReadBacking(offset, part)))
                return false;
            if (run.Entry is { IsData: false, IsZero: true })
                part.Clear();
            offset += run.Length;
            buffers = buffers.Slice(run.Length);
        }
        return true;
    }

    private bool TryReadBacking(long offset, DiskBuffers buffers)
    {
        var there = Math.Clamp((_backing?.Length ?? 0) - offset, 0, buffers.Length);
        if (there > 0 && !_backing!.TryRead(offset, buffers.Slice(0, there)))
            return false;
        buffers.Slice(there).Clear();
        return true;
    }

    private void ReadBacking(long offset, DiskBuffers buffers)
    {
        var there = Math.Clamp((_backing?.Length ?? 0) - offset, 0, buffers.Length);
        if (there > 0)
            _backing!.Read(offset, buffers.Slice(0, there));
        buffers.Slice(there).Clear();
    }
}
