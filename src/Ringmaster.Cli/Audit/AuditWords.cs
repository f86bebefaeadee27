using Ringmaster.Audit;
using Ringmaster.Audit.Native;

namespace Ringmaster.Cli.Audit;

/// <summary>How the audit's findings are said.</summary>
internal static class AuditWords
{
    /// <summary>What happens natively in user mode.</summary>
    internal static string Native(NativeFinding finding) => finding switch
    {
        { Seen: null } => "ends the process",
        { IsMadeUp: true, Seen: { } seen } => $"trapped by UMIP; Linux answers {seen}",
        { Seen: { Kind: OutcomeKind.Runs } seen } => $"silent: {seen}",
        { Seen: { } seen } => $"traps {seen}",
    };

    /// <summary>What the manual says.</summary>
    internal static string Expected(Expectation? expected) => expected?.ToString() ?? "-";

    /// <summary>What an engine's guests saw.</summary>
    internal static string Seen(IReadOnlyList<Finding> findings)
    {
        var wrong = findings.Where(f => !f.IsFaithful).Select(f => $"CPL {(int)f.Level}: {f.Seen}, not {f.Expected}").ToList();
        return wrong.Count > 0 ? string.Join("; ", wrong)
            : findings.All(f => f.Seen is null) ? "not offered"
            : "faithful";
    }
}
