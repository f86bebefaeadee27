using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Suite;

/// <summary>A figure in one setting.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Values">By round; null where a round failed.</param>
/// <param name="Spread">The values summed up.</param>
/// <param name="OverNative">Value over the host's, round by round.</param>
/// <param name="OverQemu">Value over QEMU's, round by round.</param>
/// <param name="QemuOver">QEMU's value over this one, round by round: how many times faster this is, for times.</param>
internal sealed record FigureResult(
    string Setting, IReadOnlyList<double?> Values, Spread? Spread, Spread? OverNative, Spread? OverQemu, Spread? QemuOver);
