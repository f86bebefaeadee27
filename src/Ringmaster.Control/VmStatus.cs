namespace Ringmaster.Control;

/// <summary>A running VM, as its control socket tells of it.</summary>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Status"><c>ready</c>, <c>running</c>, <c>paused</c> or <c>ended</c>.</param>
/// <param name="Process">The ID of the process that it runs in.</param>
/// <param name="Engine">What executes its code.</param>
/// <param name="Cpus">How many vCPUs it has.</param>
/// <param name="MemoryBytes">Bytes of RAM.</param>
/// <param name="RunningSeconds">For how long it has run, pauses left out.</param>
public sealed record VmStatus(string Name, string Status, int Process, string Engine, int Cpus, ulong MemoryBytes, double RunningSeconds);
