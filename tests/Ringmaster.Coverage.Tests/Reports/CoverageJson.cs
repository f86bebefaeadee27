using System.Text.Json;
using Ringmaster.Coverage.Tests.Instructions;

namespace Ringmaster.Coverage.Tests.Reports;

/// <summary>The report for programs: the same as <see cref="CoverageText"/>, and the executed codes by name.</summary>
internal static class CoverageJson
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Of(IReadOnlyList<ModelCoverage> models) => JsonSerializer.Serialize(models.Select(coverage => new
    {
        Model = coverage.Model.Name,
        Offered = coverage.Model.Codes.Count,
        Executed = coverage.Executed.Count,
        coverage.Forms,
        coverage.Percentage,
        Missing = coverage.Model.Codes.Where(code => !coverage.Executed.Contains(code)).Select(code => code.ToString()),
        coverage.Problems,
        ExecutedCodes = coverage.Executed.Order().Select(code => code.ToString()),
        LeftOut = coverage.Model.Excluded.ToDictionary(code => code.ToString(), code => Exclusions.ReasonFor(code, coverage.Model.IsAmd)),
    }), s_options);
}
