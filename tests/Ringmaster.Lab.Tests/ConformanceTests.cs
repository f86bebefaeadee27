namespace Ringmaster.Lab.Tests;

/// <summary>The conformance suite in a lab host, where there is hardware assist for an engine to use.</summary>
[Collection(LabCollection.Name)]
public sealed class ConformanceTests(SharedLabHost lab)
{
    /// <summary>Somewhat less than there are, with each of the three places for the interrupt controllers.</summary>
    private const int Cases = 2200;

    [LabFact]
    public void All_cases_pass_with_interrupt_controllers_outside_the_kernel_or_in_it()
    {
        var passed = lab.RunTests("Ringmaster.Conformance.Tests", "DisplayName~engine: \"kvm|FullyQualifiedName~KvmHostTests", TimeSpan.FromMinutes(60),
            "RINGMASTER_CONFORMANCE_ENGINES=kvm");

        Assert.InRange(passed, 3 * Cases, int.MaxValue);
    }
}
