using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Conformance.Tests.Qemu.Machine;
using Xunit.Sdk;

namespace Ringmaster.Conformance.Tests.Qemu.Comparison;

/// <summary>Runs all cases here and in QEMU.</summary>
internal static class CaseComparison
{
    private const string Engine = "interpreter";

    private static readonly Lazy<IReadOnlyList<ComparedCase>> s_results = new(Run);

    public static IReadOnlyList<ComparedCase> Results => s_results.Value;

    /// <summary>QEMU's processor that is most like the tests' model.</summary>
    public static string Processor(bool isIntel, bool isWide) =>
        $"max,vendor={(isIntel ? "GenuineIntel" : "AuthenticAMD")},la57={(isWide ? "on" : "off")}";

    // One processor after the other: an idle QEMU waits busily.
    private static List<ComparedCase> Run()
    {
        var results = new List<ComparedCase>();
        foreach (var group in NamedCase.All.GroupBy(c => Processor(c.Row.Intel, c.Row.Wide || c.Row.Mode.IsFiveLevel())))
        {
            using var qemu = new QemuVcpu(group.Key);
            results.AddRange(group.Select(named => Compare(qemu, named)));
        }
        return results;
    }

    private static ComparedCase Compare(QemuVcpu qemu, NamedCase named)
    {
        var row = named.Row;
        var ours = CaseRunner.Run(EngineUnderTest.Get(Engine), row);
        var theirs = CaseRunner.Prepare(row);
        var candidate = new CaseInQemu(row, theirs, ours);
        if (OmissionRule.All.FirstOrDefault(rule => rule.Applies(candidate)) is { } rule)
            return new(named.Name, rule, []);
        var surprise = qemu.Run(theirs, row.Interrupt, ours.Exits.SelectMany(exit => Enumerable.Range(exit.Port.Value, exit.Size)));
        var differences = EndComparer.Compare(ours, theirs, surprise);
        if (differences.Count == 0 && FailureOf(row, theirs) is { } failure)
            differences = [new("expectation", "holds", failure)];
        return new(named.Name, null, differences);
    }

    private static string? FailureOf(Case row, Guest guest)
    {
        try
        {
            CaseTable.Judge(row, guest);
            return null;
        }
        catch (XunitException failure)
        {
            return failure.Message.ReplaceLineEndings(" ");
        }
    }
}
