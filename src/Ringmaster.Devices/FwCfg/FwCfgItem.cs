namespace Ringmaster.Devices.FwCfg;

/// <summary>Something that the guest can select: an item by key or a file.</summary>
internal sealed class FwCfgItem
{
    private readonly ReadOnlyMemory<byte> _initial;
    private readonly byte[]? _writable;
    private readonly Action<ReadOnlyMemory<byte>>? _written;

    /// <summary>An item that the guest can only read.</summary>
    public FwCfgItem(ReadOnlyMemory<byte> content) => _initial = content;

    /// <summary>An item that the guest can also write.</summary>
    /// <param name="content">What it holds after reset.</param>
    /// <param name="written">Receives the whole content after each write.</param>
    public FwCfgItem(ReadOnlyMemory<byte> content, Action<ReadOnlyMemory<byte>> written)
    {
        _initial = content;
        _writable = content.ToArray();
        _written = written;
    }

    public ReadOnlyMemory<byte> Content => _writable ?? _initial;

    public bool IsWritable => _writable is not null;

    public int Length => _initial.Length;

    public void Reset() => _initial.CopyTo(_writable);

    /// <summary>Bytes for the guest to overwrite; only of a writable item.</summary>
    public Span<byte> Window(int offset, int length) => _writable.AsSpan(offset, length);

    public void ReportWritten() => _written?.Invoke(Content);
}
