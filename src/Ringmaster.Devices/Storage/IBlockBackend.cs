namespace Ringmaster.Devices.Storage;

/// <summary>What a disk device reads and writes: an image, a host's block device, memory.</summary>
/// <remarks>
/// Requests may overlap and complete in any order; whoever needs an order waits for one before submitting the next.
/// A device keeps the requests in flight in its saved state and submits them again when it is restored: a guest that has not been
/// told of an end does not mind the same work being done twice.
/// </remarks>
public interface IBlockBackend
{
    /// <summary>Bytes; a multiple of <see cref="BlockRequest.SectorSize"/>.</summary>
    ulong Length { get; }

    /// <summary>Whether writes of every kind fail.</summary>
    bool IsReadOnly { get; }

    /// <summary>Whether discarding gives room back to the host; where not, a discard succeeds and does nothing.</summary>
    bool CanDiscard { get; }

    /// <summary>
    /// Starts a request. Called with the machine's lock held: does not block, and never completes the request inside. A
    /// request for bytes that the back end does not have completes with <see cref="BlockStatus.OutOfRange"/>.
    /// </summary>
    void Submit(BlockRequest request);

    /// <summary>
    /// Reads at once what can be had without waiting, such as what the host has in its page cache. Called with the machine's lock
    /// held, for few bytes. It may overtake requests that were submitted before, as those may each other.
    /// </summary>
    /// <param name="offset">The first byte; a multiple of <see cref="BlockRequest.SectorSize"/>.</param>
    /// <param name="buffers">As <see cref="BlockRequest.Buffers"/>.</param>
    /// <returns>False if it takes a request. The buffers may hold anything then.</returns>
    bool TryRead(ulong offset, IReadOnlyList<Memory<byte>> buffers);

    /// <summary>
    /// Waits until the host touches no buffer of a submitted request any more, for a device that is reset: the guest may use the
    /// memory for something else then. The requests' completions may come later.
    /// </summary>
    void Drain();
}
