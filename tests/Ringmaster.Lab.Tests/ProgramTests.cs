namespace Ringmaster.Lab.Tests;

/// <summary>The clone's published program in a lab host.</summary>
[Collection(LabCollection.Name)]
public sealed class ProgramTests(SharedLabHost lab)
{
    [LabFact]
    public void It_starts() => Assert.Matches(@"^\d+\.\d+\.\d+", lab.Run("ringmaster --version"));

    [LabFact]
    public void The_doctor_runs_a_guest_on_the_device_and_measures_exits()
    {
        var report = lab.Run("ringmaster doctor");

        Assert.Contains("/dev/kvm   runs unmodified guests", report, StringComparison.Ordinal);
        Assert.Contains("kvm_amd, nested paging on", report, StringComparison.Ordinal);
        Assert.Matches(@"exits +[0-9,]+ ns each", report);
    }

    [LabFact]
    public void The_doctor_names_the_module_that_is_missing()
    {
        // The module is put back, for other tests come after this one.
        var report = lab.Run("rmmod kvm_amd && ringmaster doctor; insmod /run/lab/modules/kvm-amd.ko; test -e /dev/kvm");

        Assert.Contains("remedy     The kernel's module is not loaded. As root: modprobe kvm_amd.", report, StringComparison.Ordinal);
    }

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
