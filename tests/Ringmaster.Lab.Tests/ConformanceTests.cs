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

    private void Passes(string filter) => lab.RunTests("Ringmaster.Conformance.Tests", filter, TimeSpan.FromMinutes(60));
}
