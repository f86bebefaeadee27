namespace Ringmaster.Lab.Tests;

/// <summary>Parts of the conformance suite in a lab host, where there is hardware assist for an engine to use.</summary>
[Collection(LabCollection.Name)]
public sealed class ConformanceTests(SharedLabHost lab)
{
    [LabFact]
    public void Sensitive_instructions_pass() => Passes("FullyQualifiedName~SensitiveInstruction");

    [LabFact]
    public void Privileged_instructions_pass() => Passes("FullyQualifiedName~Privileged|FullyQualifiedName~PrivilegedInstruction");

    [LabFact]
    public void Dirty_logs_have_what_guests_and_devices_write() => Passes("FullyQualifiedName~DirtyLog");

    /// <summary>Runs tests of the suite, of which there must be some.</summary>
    /// <param name="filter">As "dotnet test --filter" takes it.</param>
    private void Passes(string filter)
    {
        var output = lab.Run(
            $"dotnet vstest {Clone.TestAssembly("Ringmaster.Conformance.Tests")} '--TestCaseFilter:{filter}'", TimeSpan.FromMinutes(60));

        Assert.Matches(@"Passed! +- Failed: +0, Passed: +[1-9]", output);
    }
}
