using Ringmaster.Coverage.Tests.Instructions;
using Ringmaster.Coverage.Tests.Reports;

namespace Ringmaster.Coverage.Tests;

/// <summary>The measurement of all models, made once for all tests, and its reports in the artifacts directory.</summary>
public sealed class CoverageRun
{
    public CoverageRun()
    {
        Models = [.. OfferedModel.All.Select(ModelCoverage.Measure)];
        var directory = Path.Combine(Repository(), "artifacts");
        Directory.CreateDirectory(directory);
        TextReport = Path.Combine(directory, "coverage.txt");
        JsonReport = Path.Combine(directory, "coverage.json");
        File.WriteAllText(TextReport, CoverageText.Of(Models));
        File.WriteAllText(JsonReport, CoverageJson.Of(Models));
    }

    /// <summary>One for each model.</summary>
    public IReadOnlyList<ModelCoverage> Models { get; }

    /// <summary>The report for people.</summary>
    public string TextReport { get; }

    /// <summary>The report for programs.</summary>
    public string JsonReport { get; }

    private static string Repository()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Ringmaster.slnx")))
                return at.FullName;
        }
        throw new InvalidOperationException("The tests do not run from a clone of the repository.");
    }
}
