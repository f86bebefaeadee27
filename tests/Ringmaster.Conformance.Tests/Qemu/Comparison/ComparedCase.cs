namespace Ringmaster.Conformance.Tests.Qemu.Comparison;

/// <summary>What has come of a case.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OmittedBy">Why it was left out, or null.</param>
/// <param name="Differences">In what its ends differ.</param>
internal sealed record ComparedCase(string Name, OmissionRule? OmittedBy, IReadOnlyList<Difference> Differences);
