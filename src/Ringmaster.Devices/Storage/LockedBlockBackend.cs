namespace Ringmaster.Devices.Storage;

/// <summary>A back end whose requests' ends reach a device with the machine's lock held.</summary>
/// <param name="inner">The back end.</param>
/// <param name="calls">Calls the device.</param>
public sealed class LockedBlockBackend(IBlockBackend inner, DeviceCalls calls) : IBlockBackend
{
    /// <inheritdoc/>
    public ulong Length => inner.Length;

    /// <inheritdoc/>
    public bool IsReadOnly => inner.IsReadOnly;

    /// <inheritdoc/>
    public bool CanDiscard => inner.CanDiscard;

    /// <inheritdoc/>
    public void Submit(BlockRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        inner.Submit(request with { Completed = status => calls.Run(() => request.Completed(status)) });
    }

    /// <inheritdoc/>
    public bool TryRead(ulong offset, IReadOnlyList<Memory<byte>> buffers) => inner.TryRead(offset, buffers);

    /// <inheritdoc/>
    public void Drain() => inner.Drain();
}
