using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2.Compression;
using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Tables;
using Ringmaster.Devices.Storage;

namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>An image in QEMU's copy-on-write format (QEMU, docs/interop/qcow2.txt).</summary>
/// <remarks>
/// One lock guards all structures. Reads, and writes to clusters that belong to the disk already, hold it shared; a flush holds it so
/// that those go on while nothing else is changed; whatever changes a structure holds it alone. So room that a thread reads or
/// writes is never given to something else meanwhile.
/// </remarks>
internal sealed partial class Qcow2Image : IDiskImage
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly ImageFile _file;
    private readonly IDiskImage? _backing;
    private readonly Qcow2Tables _tables;
    private readonly ClusterMap _map;
    private readonly CompressedClusters _compressed;
    private string? _damage;
    private bool _disposed;

    /// <summary>Opens an image; takes over the file and the image that it is based on.</summary>
    /// <param name="file">The file, which has this header.</param>
    /// <param name="header">The file's header.</param>
    /// <param name="backing">What the image is based on; null for zeros.</param>
    /// <exception cref="DiskImageException">The image is damaged.</exception>
    internal Qcow2Image(ImageFile file, Qcow2Header header, IDiskImage? backing)
    {
        (_file, _backing) = (file, backing);
        if (!file.IsReadOnly && header.IsCorrupt)
        {
            throw new DiskImageException(
                $"{file.Path} was found to be damaged earlier. Repair it with \"ringmaster image check --repair\", or open it with readonly.");
        }
        _tables = new Qcow2Tables(file, header);
        _map = new ClusterMap(_tables);
        _compressed = new CompressedClusters(file, header.Layout, header.Compression);
        if (!file.IsReadOnly && header.Autoclear != 0)
            ClearUnknown(header);
    }

    public long Length => (_tables.Header.Size + BlockRequest.SectorSize - 1) / BlockRequest.SectorSize * BlockRequest.SectorSize;

    public bool IsReadOnly => _file.IsReadOnly;

    public bool CanDiscard => !_file.IsReadOnly && _file.CanPunch;

    internal Qcow2Header Header => _tables.Header;

    public void Flush()
    {
        if (IsReadOnly)
            return;
        _lock.EnterUpgradeableReadLock();
        try
        {
            ThrowIfDamaged();
            _tables.Write();
            _file.Sync();
            if (!_tables.Allocator.HasFreed)
                return;
            _lock.EnterWriteLock();
            try
            {
                _tables.ReleaseFreed();
            }
            finally
            {
                _lock.ExitWriteLock();
            }
        }
        finally
        {
            _lock.ExitUpgradeableReadLock();
        }
    }

    /// <summary>Writes what is in memory, if the host lets it; a caller that has to know calls <see cref="Flush"/> first.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            Flush();
        }
        catch (IOException)
        {
            // Every flush that the guest has asked for was answered; this one nobody waits for.
        }
        _file.Dispose();
        _backing?.Dispose();
        _lock.Dispose();
    }

    /// <summary>Runs something that changes structures. Nothing else uses the image meanwhile.</summary>
    private void Change(Action change)
    {
        if (IsReadOnly)
            throw new InvalidOperationException("The image was opened read-only.");
        _lock.EnterWriteLock();
        try
        {
            ThrowIfDamaged();
            change();
            if (_tables.IsCrowded)
                _tables.Commit();
        }
        catch (DiskImageException error) when (error.DamagedPath == _file.Path && _damage is null)
        {
            NoteDamage(error);
            throw;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Says which feature bits hold after an unknown program's change: none of those that have to be kept up.</summary>
    private void ClearUnknown(Qcow2Header header)
    {
        Span<byte> none = stackalloc byte[sizeof(ulong)];
        none.Clear();
        _file.Write(Qcow2Header.AutoclearAt, none);
        _tables.Header = header with { Autoclear = 0, Bitmaps = null };
    }
}
