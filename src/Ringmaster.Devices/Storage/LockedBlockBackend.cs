namespace Ringmaster.Devices.Storage;

/// <summary>A back end whose requests' ends reach a device with the machine's lock held.</summary>
/// <param name="inner">The back end.</param>
/// <param name="machineLock">The machine's lock.</param>
/// <param name="failed">Told, with the lock held, of what a device throws: a bug that must end the machine.</param>
public sealed class LockedBlockBackend(IBlockBackend inner, Lock machineLock, Action<Exception> failed) : IBlockBackend
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
        inner.Submit(request with { Completed = status => Complete(request, status) });
    }

    /// <inheritdoc/>
    public bool TryRead(ulong offset, IReadOnlyList<Memory<byte>> buffers) => inner.TryRead(offset, buffers);

    /// <inheritdoc/>
    public void Drain() => inner.Drain();

    private void Complete(BlockRequest request, BlockStatus status)
    {
        lock (machineLock)
        {
            try
            {
                request.Completed(status);
            }
#pragma warning disable CA1031 // A thread of the back end's must not end the process; the machine's own thread throws it again.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failed(failure);
            }
        }
    }
}
