namespace Ringmaster.Bench.Guests;

/// <summary>What a nanobenchmark found.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Nanoseconds">The host's time of one operation.</param>
internal sealed record NanoResult(string Name, double Nanoseconds);
