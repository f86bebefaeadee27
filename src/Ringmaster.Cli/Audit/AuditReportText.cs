using Ringmaster.Audit;
using Ringmaster.Audit.Catalog;
using Spectre.Console;

namespace Ringmaster.Cli.Audit;

/// <summary>Prints what the audit found as a table.</summary>
internal static class AuditReportText
{
    private const int WidthOfFiles = 160;

    /// <summary>Prints it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="report">What was found.</param>
    /// <param name="columns">The terminal's width; null if it goes elsewhere, and there are no colours then.</param>
    internal static void Write(TextWriter writer, AuditReport report, int? columns)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = columns is null ? AnsiSupport.No : AnsiSupport.Yes, ColorSystem = columns is null ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
            Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = columns ?? WidthOfFiles;
        foreach (var kind in Enum.GetValues<InstructionKind>())
            console.Write(TableOf(kind, report));
        Summarize(writer, report);
    }

    private static Table TableOf(InstructionKind kind, AuditReport report)
    {
        var table = new Table { Title = new TableTitle(TitleOf(kind)), Border = TableBorder.Horizontal };
        table.AddColumns("instruction", "shows or changes", "natively, user mode", "manual: CPL 3", "CPL 0");
        foreach (var engine in report.Engines)
            table.AddColumn(engine.Engine);
        foreach (var instruction in AuditCatalog.Instructions.Where(i => i.Kind == kind))
        {
            var native = report.Native.Findings[instruction];
            var findings = report.Engines.Select(engine => engine.Findings[instruction]).ToList();
            var (user, kernel) = Manual(findings, instruction);
            var row = new List<Markup>
            {
                Plain(instruction.Name), Plain(instruction.Shows), Colored(AuditWords.Native(native), native.Traps ? null : Color.Yellow), Plain(user), Plain(kernel),
            };
            row.AddRange(findings.Select(f => Colored(AuditWords.Seen(f), f.All(one => one.IsFaithful) ? Color.Green : Color.Red)));
            table.AddRow(row);
        }
        return table;
    }

    /// <summary>What the manual says of the guest's CPU, which may differ between engines in nothing but its features.</summary>
    private static (string User, string Kernel) Manual(List<IReadOnlyList<Finding>> findings, AuditedInstruction instruction)
    {
        var tried = findings.FirstOrDefault(f => f.Any(one => one.Seen is not null));
        return (AuditWords.Expected(Of(PrivilegeLevel.User) ?? instruction.User), AuditWords.Expected(Of(PrivilegeLevel.Kernel) ?? instruction.Kernel));

        Expectation? Of(PrivilegeLevel level) => tried?.Single(f => f.Level == level).Expected;
    }

    private static string TitleOf(InstructionKind kind) => kind switch
    {
        InstructionKind.Sensitive => "Sensitive, without a trap in user mode (Robin and Irvine's, and CPUID)",
        InstructionKind.Guarded => "Sensitive, with a trap if the system asks for it",
        _ => "Privileged",
    };

    private static void Summarize(TextWriter writer, AuditReport report)
    {
        writer.WriteLine();
        writer.WriteLine(report.Untrapped is { Count: > 0 } untrapped
            ? $"This host's processor: {untrapped.Count} sensitive instructions do not trap in user mode. A VMM that waits for traps alone would miss them: {string.Join(", ", untrapped)}."
            : "This host's processor: every sensitive instruction traps in user mode.");
        foreach (var engine in report.Engines)
        {
            var tried = engine.Findings.Values.Sum(f => f.Count(one => one.Seen is not null));
            var wrong = engine.Findings.Values.Sum(f => f.Count(one => !one.IsFaithful));
            writer.WriteLine(wrong == 0
                ? $"{engine.Engine}: faithful in all {tried} cases."
                : $"{engine.Engine}: NOT faithful in {wrong} of {tried} cases.");
        }
    }

    private static Markup Plain(string text) => new(Markup.Escape(text));

    private static Markup Colored(string text, Color? color) => new(Markup.Escape(text), color is { } known ? new Style(known) : Style.Plain);
}
