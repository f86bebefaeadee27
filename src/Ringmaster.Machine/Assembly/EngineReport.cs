namespace Ringmaster.Machine.Assembly;

/// <summary>Whether an engine works on this host.</summary>
/// <param name="Name">The engine.</param>
/// <param name="HostSupports">Whether the host has what it needs, found by trying.</param>
/// <param name="Available">Whether this version can run guests with it here.</param>
/// <param name="Explanation">Why, in sentences.</param>
public sealed record EngineReport(string Name, bool HostSupports, bool Available, string Explanation);
