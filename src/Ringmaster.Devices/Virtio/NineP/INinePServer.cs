namespace Ringmaster.Devices.Virtio.NineP;

/// <summary>A server of the protocol 9P2000.L: what a 9P device hands messages to. It carries them out one after the other.</summary>
public interface INinePServer
{
    /// <summary>Bytes of the longest message that it takes or gives.</summary>
    int LongestMessage { get; }

    /// <summary>
    /// Hands a message over. Called with the machine's lock held: does not block, and never completes the request inside.
    /// </summary>
    void Submit(NinePRequest request);

    /// <summary>
    /// Forgets the guest and all that it has open. Requests that were submitted before may still complete, or may not.
    /// </summary>
    void Reset();

    /// <summary>
    /// Waits until every request that was submitted has been completed, and tells what the guest has open. Called with the
    /// machine's lock held, which no completion needs to be waited for.
    /// </summary>
    NinePSession Save();

    /// <summary>Forgets the guest, and opens what another one had open. What is not there any more is stale to the guest.</summary>
    void Restore(NinePSession session);
}
