using System.Text.Json;

namespace Ringmaster.Coverage.Tests;

/// <summary>Every instruction that a CPU model offers is executed, in every form and code size.</summary>
public sealed class CoverageTests(CoverageRun run) : IClassFixture<CoverageRun>
{
    public static TheoryData<string> Models => [.. Instructions.OfferedModel.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_instruction_of_a_model_executes_and_ends_as_it_must(string name)
    {
        var coverage = run.Models.Single(c => c.Model.Name == name);

        Assert.True(coverage.Problems.Count == 0, $"{coverage.Problems.Count} problems, see {run.TextReport}:\n"
            + string.Join('\n', coverage.Problems.Take(40)));
        Assert.Equal(100.0, coverage.Percentage);
    }

    [Theory]
    [InlineData("x86-64-v1", 1300)]
    [InlineData("x86-64-v3", 2100)]
    [InlineData("EPYC-Milan", 2200)]
    public void A_model_offers_about_as_many_instructions_as_its_features_have(string name, int least)
    {
        var offered = run.Models.Single(c => c.Model.Name == name).Model.Codes.Count;

        Assert.InRange(offered, least, least + 150);
    }

    [Fact]
    public void Reports_name_every_model_with_its_share()
    {
        var text = File.ReadAllText(run.TextReport);
        using var json = JsonDocument.Parse(File.ReadAllText(run.JsonReport));

        Assert.All(run.Models, c => Assert.Contains(c.Model.Name, text, StringComparison.Ordinal));
        Assert.Equal(run.Models.Select(c => c.Executed.Count), json.RootElement.EnumerateArray().Select(m => m.GetProperty("executed").GetInt32()));
    }
}
