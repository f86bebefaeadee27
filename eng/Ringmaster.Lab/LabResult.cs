namespace Ringmaster.Lab;

/// <summary>What a command in a lab host has done.</summary>
/// <param name="ExitCode">As a shell reports it: 128 + N after signal N.</param>
/// <param name="Output">What it wrote to standard output and standard error, as it came.</param>
/// <param name="Time">How long it took, by this machine's clock.</param>
public sealed record LabResult(int ExitCode, string Output, TimeSpan Time);
