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
        // QEMU 7.2 makes the stack accesses of user mode's far calls as the kernel's: with SMAP, a fault that Linux takes for its own.
        using var host = LabHost.Boot(new LabOptions { Directory = Clone.Root, Cpu = "max,-smap" });

        var result = host.Run("ringmaster audit", TimeSpan.FromMinutes(15));

        Assert.True(result.ExitCode == 0, result.Output + host.KernelLogTail());
        foreach (var engine in (string[])["translator", "interpreter", "kvm"])
            Assert.Contains($"{engine}: faithful in all", result.Output, StringComparison.Ordinal);
    }

    [LabFact]
    public void The_translator_boots_Linux()
    {
        var log = lab.Run("ringmaster run --engine translator --append 'console=ttyS0 ringmaster.run=\"echo inner $((6*7))\"' </dev/null", TimeSpan.FromMinutes(15));

        Assert.Contains("inner 42", log, StringComparison.Ordinal);
    }
}
