namespace Ringmaster.Control;

/// <summary>Asks a guest to make do with less memory, or lets it have more again.</summary>
/// <param name="TargetBytes">How many bytes of RAM the guest is to keep, at most what the VM has.</param>
public sealed record VmBalloonRequest(ulong TargetBytes);
