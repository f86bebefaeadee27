namespace Ringmaster.Lab.Tests;

/// <summary>The clone's published program in a lab host.</summary>
[Collection(LabCollection.Name)]
public sealed class ProgramTests(SharedLabHost lab)
{
    [LabFact]
    public void It_starts() => Assert.Matches(@"^\d+\.\d+\.\d+", lab.Run("ringmaster --version"));

    [LabFact]
    public void All_engines_pass_the_audit()
    {
        var report = lab.Run("ringmaster audit", TimeSpan.FromMinutes(15));

        Assert.Contains("translator: faithful in all", report, StringComparison.Ordinal);
        Assert.Contains("interpreter: faithful in all", report, StringComparison.Ordinal);
    }

    [LabFact]
    public void The_translator_boots_Linux()
    {
        var log = lab.Run("ringmaster run --engine translator --append 'console=ttyS0 ringmaster.run=\"echo inner $((6*7))\"' </dev/null", TimeSpan.FromMinutes(15));

        Assert.Contains("inner 42", log, StringComparison.Ordinal);
    }
}
