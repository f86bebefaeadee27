using System.Globalization;
using System.Text;
using Ringmaster.Coverage.Tests.Instructions;

namespace Ringmaster.Coverage.Tests.Reports;

/// <summary>The report for people: a line for each model, then what was not executed, then what was left out and why.</summary>
internal static class CoverageText
{
    public static string Of(IReadOnlyList<ModelCoverage> models)
    {
        var text = new StringBuilder("Instruction codes (Iced's) that the interpreter executes, of those that each CPU model offers\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{"model",-20}{"offered",9}{"executed",10}{"forms",8}{"share",10}\n");
        foreach (var coverage in models)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{coverage.Model.Name,-20}{coverage.Model.Codes.Count,9}{coverage.Executed.Count,10}{coverage.Forms,8}{coverage.Percentage,8:F2} %\n");
        }
        foreach (var coverage in models.Where(c => c.Problems.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{coverage.Model.Name}: not executed, or not as it must be\n");
            foreach (var problem in coverage.Problems)
                text.Append(CultureInfo.InvariantCulture, $"  {problem}\n");
        }
        foreach (var coverage in models)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{coverage.Model.Name}: left out, since no bytes decode to them\n");
            foreach (var group in coverage.Model.Excluded.GroupBy(code => Exclusions.ReasonFor(code, coverage.Model.IsAmd)))
                text.Append(CultureInfo.InvariantCulture, $"  {group.Key}:\n    {string.Join(", ", group)}\n");
        }
        return text.ToString();
    }
}
