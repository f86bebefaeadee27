using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>The saved state of an <see cref="NvmeController"/>.</summary>
/// <param name="Configuration">The controller configuration register.</param>
/// <param name="IsReady">CSTS.RDY.</param>
/// <param name="IsFatal">CSTS.CFS.</param>
/// <param name="Shutdown">CSTS.SHST.</param>
/// <param name="InterruptMask">Masked vectors of the interrupt pin, one bit each.</param>
/// <param name="AdminSizes">The admin queue attributes register.</param>
/// <param name="AdminSubmission">Where the admin submission queue is.</param>
/// <param name="AdminCompletion">Where the admin completion queue is.</param>
/// <param name="Turn">The submission queue whose commands are carried out next.</param>
/// <param name="SubmissionQueues">The submission queues by number; null for none.</param>
/// <param name="CompletionQueues">The completion queues by number; null for none.</param>
/// <param name="Jobs">What the disk works on.</param>
/// <param name="Features">What software has set.</param>
/// <param name="Events">Asynchronous events.</param>
/// <param name="Log">The error information log.</param>
/// <param name="Statistics">What the SMART log counts.</param>
/// <param name="Pci">The function.</param>
public sealed record NvmeControllerState(
    uint Configuration,
    bool IsReady,
    bool IsFatal,
    byte Shutdown,
    uint InterruptMask,
    uint AdminSizes,
    ulong AdminSubmission,
    ulong AdminCompletion,
    int Turn,
    NvmeSubmissionQueueState?[] SubmissionQueues,
    NvmeCompletionQueueState?[] CompletionQueues,
    BlockJobState[] Jobs,
    NvmeFeaturesState Features,
    NvmeEventsState Events,
    NvmeErrorLogState Log,
    NvmeStatistics Statistics,
    PciFunctionState Pci);
