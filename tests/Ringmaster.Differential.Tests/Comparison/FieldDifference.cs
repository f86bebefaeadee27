namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>A field that differs.</summary>
/// <param name="Name">The register, or the address in brackets.</param>
/// <param name="Host">What the host has.</param>
/// <param name="Engine">What the engine has.</param>
internal sealed record FieldDifference(string Name, string Host, string Engine);
