namespace Ringmaster.Cpu;

/// <summary>Something that an engine counts, for statistics.</summary>
/// <param name="Name">What, in a few words.</param>
/// <param name="Value">How much.</param>
public readonly record struct EngineCounter(string Name, long Value);
