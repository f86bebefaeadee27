namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>The saved state of what software can set.</summary>
/// <param name="Arbitration">Arbitration burst and weights.</param>
/// <param name="ErrorRecovery">Time limited error recovery.</param>
/// <param name="Coalescing">Interrupt coalescing: threshold and time.</param>
/// <param name="Atomicity">Write atomicity.</param>
/// <param name="Events">What is told as an asynchronous event.</param>
/// <param name="Over">The temperature, in kelvins, that is too high.</param>
/// <param name="Under">The temperature that is too low.</param>
/// <param name="WriteCache">Whether writes may stay in a cache.</param>
/// <param name="SubmissionQueues">Submission queues that software may make.</param>
/// <param name="CompletionQueues">Completion queues that software may make.</param>
/// <param name="VectorsNotCoalesced">Interrupt vectors that are not to be coalesced.</param>
public sealed record NvmeFeaturesState(
    uint Arbitration,
    uint ErrorRecovery,
    uint Coalescing,
    uint Atomicity,
    uint Events,
    uint Over,
    uint Under,
    bool WriteCache,
    int SubmissionQueues,
    int CompletionQueues,
    int[] VectorsNotCoalesced);
