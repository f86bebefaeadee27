namespace Ringmaster.Lab.Tests;

/// <summary>What the doctor finds, and recommends, on a host that works and on hosts that lack something.</summary>
[Collection(LabCollection.Name)]
public sealed class DoctorTests(SharedLabHost lab)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [LabFact]
    public void It_runs_a_guest_and_measures_exits()
    {
        var report = lab.Run("ringmaster doctor");

        Assert.Contains("/dev/kvm   runs unmodified guests", report, StringComparison.Ordinal);
        Assert.Contains("kvm_amd, nested paging on", report, StringComparison.Ordinal);
        Assert.Matches(@"exits +[0-9,]+ ns each", report);
        Assert.DoesNotContain("remedy", report, StringComparison.Ordinal);
    }

    [LabFact]
    public void It_knows_that_a_user_may_not_use_the_device()
    {
        var report = lab.Run("setpriv --reuid=65534 --regid=65534 --clear-groups ringmaster doctor");

        Assert.Contains("/dev/kvm   does not run unmodified guests", report, StringComparison.Ordinal);
        Assert.Contains("remedy     Only root may use it. As root: groupadd -f kvm; chgrp kvm /dev/kvm", report, StringComparison.Ordinal);
    }

    [LabFact]
    public void It_knows_that_the_module_is_not_loaded()
    {
        // The module is put back, for other tests come after this one.
        var report = lab.Run("rmmod kvm_amd && ringmaster doctor; insmod /run/lab/modules/kvm-amd.ko; test -e /dev/kvm");

        Assert.Contains("remedy     The kernel's module is not loaded. As root: modprobe kvm_amd.", report, StringComparison.Ordinal);
    }

    [LabFact]
    public void It_knows_that_a_virtual_machine_has_no_nested_virtualization()
    {
        using var host = LabHost.Boot(new LabOptions { Directory = Clone.Root, Cpu = LabOptions.WithoutAssist });

        var result = host.Run("! grep -w svm /proc/cpuinfo && ringmaster doctor", s_patience);

        Assert.True(result.ExitCode == 0, result.Output + host.KernelLogTail());
        Assert.Contains("remedy     This host is a guest of QEMU (TCG), which gives it no hardware assist. Switch nested virtualization on there", result.Output, StringComparison.Ordinal);
    }
}
