namespace Ringmaster.Control;

/// <summary>A VM's memory, as its balloon has it.</summary>
/// <param name="MemoryBytes">Bytes of RAM in all.</param>
/// <param name="TargetBytes">How many of them the guest is to keep.</param>
/// <param name="KeptBytes">How many it keeps, as it says.</param>
public sealed record VmBalloon(ulong MemoryBytes, ulong TargetBytes, ulong KeptBytes);
