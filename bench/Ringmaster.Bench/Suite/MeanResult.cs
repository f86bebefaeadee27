namespace Ringmaster.Bench.Suite;

/// <summary>Geometric means of the medians in one setting.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="OverNative">Time over the host's.</param>
/// <param name="QemuOver">QEMU's time over this one's.</param>
internal sealed record MeanResult(string Setting, double? OverNative, double? QemuOver);
