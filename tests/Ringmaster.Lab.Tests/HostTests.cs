using Ringmaster.Backends.Guests;

namespace Ringmaster.Lab.Tests;

/// <summary>What a lab host is: the ground for all other tests.</summary>
[Collection(LabCollection.Name)]
public sealed class HostTests(SharedLabHost lab)
{
    [LabFact]
    public void The_kernel_offers_hardware_assist_with_nested_paging()
    {
        var log = lab.Run("test -c /dev/kvm && dmesg");

        Assert.Contains("Nested Paging enabled", log, StringComparison.Ordinal);
    }

    [LabFact]
    public void The_device_runs_another_VMMs_Linux()
    {
        var kernel = new GuestFiles(GuestFiles.DefaultDirectory).FetchKernel(GuestPackage.CloudKernel, withModules: true).Image;

        // Without a root file system it ends in a panic, which takes longer than what matters here.
        var log = lab.Run(
            $"""
            timeout --kill-after=5 60 qemu-system-x86_64 -accel kvm -cpu host -m 256 -nodefaults -no-reboot -display none -serial stdio \
                -kernel {kernel} -append "console=ttyS0 earlyprintk=ttyS0 panic=-1" </dev/null || true
            """, TimeSpan.FromMinutes(4));

        Assert.Contains("Hypervisor detected: KVM", log, StringComparison.Ordinal);
    }

    [LabFact]
    public void What_is_written_stays_in_the_lab_host()
    {
        var probe = Path.Combine(Path.GetTempPath(), $"ringmaster-lab-{Guid.NewGuid():n}");

        var read = lab.Run($"echo kept >{probe} && cat {probe}");

        Assert.Equal("kept\n", read);
        Assert.False(File.Exists(probe));
    }

    [LabFact]
    public void A_failing_command_is_seen() => Assert.Equal("out\nerr\n", lab.Run("echo out; echo err >&2; exit 7", exitCode: 7));
}
