using System.Buffers;

namespace Ringmaster.Host;

/// <summary>Memory for something large that is needed for a moment: the host has it back when this is disposed.</summary>
/// <remarks>The garbage collector keeps what it once had for longer.</remarks>
public sealed unsafe class HostBuffer : MemoryManager<byte>
{
    private const int PageSize = 4096;

    private readonly AddressReservation? _memory;
    private readonly int _length;

    /// <summary>Makes zeroed memory.</summary>
    /// <param name="length">Bytes.</param>
    /// <exception cref="LinuxException">The host has not enough.</exception>
    public HostBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _length = length;
        if (length == 0)
            return;
        var bytes = ((nuint)length + PageSize - 1) & ~(nuint)(PageSize - 1);
        _memory = AddressReservation.Create(bytes);
        _memory.Map(0, bytes);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        if (_memory is null)
            return default;
        ObjectDisposedException.ThrowIf(_memory.IsClosed, this);
        return new Span<byte>(_memory.Address, _length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, _length);
        // It does not move.
        return new MemoryHandle(_memory is null ? null : _memory.Address + elementIndex, pinnable: this);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _memory?.Dispose();
}
