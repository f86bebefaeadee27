using System.IO.Enumeration;
using Ringmaster.Conformance.Tests.Qemu.Comparison;

namespace Ringmaster.Conformance.Tests.Qemu.Explanations;

/// <summary>Why QEMU's end of some cases differs.</summary>
/// <param name="Kind">Who decides.</param>
/// <param name="What">What QEMU does.</param>
/// <param name="Manual">
/// Where the manual says what is right, or that nothing is said. Sections are those of the SDM of April 2022 (077) and the APM of
/// the same year.
/// </param>
/// <param name="Differences">The differences, as <see cref="Difference.ToString"/> has them; * stands for anything.</param>
/// <param name="Cases">The cases, as <see cref="NamedCase"/> names them; * stands for anything.</param>
internal sealed record Explanation(Deviation Kind, string What, string Manual, string[] Differences, string[] Cases)
{
    public static IReadOnlyList<Explanation> All { get; } =
    [
        .. PagingExplanations.All, .. SegmentExplanations.All, .. EventExplanations.All, .. TransferExplanations.All,
        .. ControlExplanations.All, .. ModelSpecificExplanations.All, .. InstructionExplanations.All, .. DebugExplanations.All,
    ];

    public bool Covers(string name, Difference difference) =>
        Cases.Any(pattern => Matches(pattern, name)) && Differences.Any(pattern => Matches(pattern, difference.ToString()));

    /// <summary>Whether it is about a case in particular, not about all.</summary>
    public bool Names(string name) => Cases.Any(pattern => pattern != "*" && Matches(pattern, name));

    public static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}
