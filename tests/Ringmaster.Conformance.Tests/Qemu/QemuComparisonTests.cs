using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Conformance.Tests.Qemu.Comparison;
using Ringmaster.Conformance.Tests.Qemu.Explanations;
using Ringmaster.Conformance.Tests.Qemu.Machine;
using Xunit.Abstractions;

namespace Ringmaster.Conformance.Tests.Qemu;

/// <summary>
/// Every case in QEMU's emulation, from the same state with the same memory: where it ends otherwise, a table says why.
/// </summary>
public sealed class QemuComparisonTests(ITestOutputHelper output)
{
    private const double ComparedShare = 0.9;

    [QemuFact]
    public void Every_difference_is_explained()
    {
        var unexplained =
            from result in CaseComparison.Results
            from difference in result.Differences
            where !Explanation.All.Any(explanation => explanation.Covers(result.Name, difference))
            select $"{result.Name} | {difference}";

        AssertNone(unexplained);
    }

    [QemuFact]
    public void Every_explanation_is_needed()
    {
        var differences = (
            from result in CaseComparison.Results
            from difference in result.Differences
            select (Case: result.Name, Difference: difference)).ToList();
        var idle =
            from explanation in Explanation.All
            let covered = differences.Where(found => explanation.Covers(found.Case, found.Difference)).ToList()
            let cases = covered.Select(found => found.Case).ToList()
            let kinds = covered.Select(found => found.Difference.ToString()).ToList()
            from pattern in NotMatching(explanation.Cases, cases).Concat(NotMatching(explanation.Differences, kinds))
            select $"{explanation.What} | {pattern}";

        AssertNone(idle);
    }

    [QemuFact]
    public void Most_cases_are_compared_and_every_reason_to_leave_one_out_occurs()
    {
        var results = CaseComparison.Results;
        foreach (var rule in OmissionRule.All)
            output.WriteLine($"{results.Count(result => result.OmittedBy == rule),5} left out, {rule.Reason}: {rule.What}");
        foreach (var explanation in Explanation.All)
            output.WriteLine($"{results.Count(result => IsExplainedBy(result, explanation)),5} differ, {explanation.Kind}: {explanation.What}");
        var compared = results.Count(result => result.OmittedBy is null);
        output.WriteLine($"{compared} of {results.Count} compared, {results.Count(result => result.Differences.Count > 0)} differ.");

        Assert.InRange(compared, results.Count * ComparedShare, results.Count);
        Assert.All(OmissionRule.All, rule => Assert.Contains(results, result => result.OmittedBy == rule));
    }

    [QemuFact]
    public void What_cases_are_left_out_for_is_not_announced_in_QEMU()
    {
        using var qemu = new QemuVcpu(CaseComparison.Processor(isIntel: false, isWide: true));
        foreach (var field in OmissionRule.All.Select(rule => rule.Feature).OfType<CpuidField>())
        {
            var guest = new Guest(GuestMode.Kernel64);
            guest.Assemble(c => c.cpuid());
            (guest.State.Registers[0], guest.State.Registers[1]) = (field.Leaf, field.Subleaf);

            qemu.Run(guest, null, []);

            Assert.Equal((field, 0UL), (field, guest.State.Registers[field.Register] & field.Mask));
        }
    }

    private static IEnumerable<string> NotMatching(IEnumerable<string> patterns, List<string> texts) =>
        patterns.Where(pattern => !texts.Exists(text => Explanation.Matches(pattern, text)));

    // xunit would cut the names off.
    private static void AssertNone(IEnumerable<string> found)
    {
        var text = string.Join('\n', found);
        Assert.True(text.Length == 0, text);
    }

    private static bool IsExplainedBy(ComparedCase result, Explanation explanation) =>
        result.Differences.Any(difference => explanation.Covers(result.Name, difference));
}
