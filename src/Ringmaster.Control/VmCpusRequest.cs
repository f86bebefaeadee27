namespace Ringmaster.Control;

/// <summary>Asks for more vCPUs.</summary>
/// <param name="Count">How many there are to be in all.</param>
public sealed record VmCpusRequest(int Count);
