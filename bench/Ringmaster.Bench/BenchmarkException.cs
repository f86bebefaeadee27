namespace Ringmaster.Bench;

/// <summary>A benchmark cannot run; the message says what to do.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
