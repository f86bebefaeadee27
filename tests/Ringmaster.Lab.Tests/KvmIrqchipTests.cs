namespace Ringmaster.Lab.Tests;

/// <summary>Where the interrupt controllers are, with the KVM engine.</summary>
[Collection(LabCollection.Name)]
public sealed class KvmIrqchipTests(SharedLabHost lab)
{
    private const string UseDisk = "dd if=/dev/zero of=/dev/vda bs=64k count=100 conv=fsync; dd if=/dev/vda of=/dev/null bs=4k count=500 iflag=direct; ";

    private static readonly TimeSpan s_boot = TimeSpan.FromMinutes(10);

    [LabFact]
    public void Local_APICs_in_the_kernel_serve_one_CPU_with_a_disk() => UsesDisk("irqchip=split", cpus: 1);

    [LabFact]
    public void Local_APICs_in_the_kernel_serve_two_CPUs_with_a_disk() => UsesDisk("irqchip=split", cpus: 2);

    [LabFact]
    public void All_controllers_in_the_kernel_serve_one_CPU_with_a_disk() => UsesDisk("irqchip=kernel", cpus: 1);

    [LabFact]
    public void All_controllers_in_the_kernel_serve_two_CPUs_with_a_disk() => UsesDisk("irqchip=kernel", cpus: 2);

    [LabFact]
    public void Local_APICs_outside_serve_one_CPU_with_a_disk() => UsesDisk("irqchip=user", cpus: 1);

    [LabFact]
    public void Local_APICs_outside_serve_two_CPUs_with_a_disk() => UsesDisk("irqchip=user", cpus: 2);

    [LabFact]
    public void Notifications_may_ring_on_another_thread() => UsesDisk("ioeventfd=on", cpus: 2);

    [LabFact]
    public void Level_triggered_interrupts_are_ended_outside_the_kernel()
    {
        var log = Boot("kvm", 2, "pci=nomsi", UseDisk + "grep virtio /proc/interrupts");

        Assert.Matches(@"IO-APIC +\d+-fasteoi +virtio", log);
        Assert.Matches(@"exits +[1-9]\d* +end of interrupt", log);
    }

    [LabFact]
    public void Level_triggered_interrupts_are_ended_in_the_kernel_that_has_the_IO_APIC()
    {
        var log = Boot("kvm,irqchip=kernel", 2, "pci=nomsi", UseDisk + "grep virtio /proc/interrupts");

        Assert.Matches(@"IO-APIC +\d+-fasteoi +virtio", log);
        Assert.DoesNotContain("end of interrupt", log, StringComparison.Ordinal);
    }

    [LabFact]
    public void An_8259_in_the_kernel_interrupts_without_ringmaster()
    {
        var log = Boot("kvm,irqchip=kernel", 1, "noapic", UseDisk + "grep XT-PIC /proc/interrupts");

        Assert.Matches(@"XT-PIC +timer", log);
        Assert.Matches(@"(?m)^interrupts +0$", log);
    }

    [LabFact]
    public void The_8259_interrupts_through_a_local_APIC_in_the_kernel()
    {
        var log = Boot("kvm", 1, "noapic", UseDisk + "grep XT-PIC /proc/interrupts");

        Assert.Matches(@"XT-PIC +timer", log);
        Assert.Matches(@"(?m)^interrupts +[1-9]", log);
    }

    [LabFact]
    public void Timers_of_local_APICs_in_the_kernel_stand_still_with_the_machine() => SurvivesPauses("kvm");

    [LabFact]
    public void So_do_those_that_count() => SurvivesPauses("kvm --cpu default,-tsc-deadline");

    [LabFact]
    public void Controllers_in_the_kernel_come_back_and_go_again_with_every_pause() => SurvivesPauses("kvm,irqchip=kernel");

    [LabFact]
    public void So_do_an_8259_and_a_timer_that_tick_through_it() => SurvivesPauses("kvm,irqchip=kernel", "noapic nolapic");

    [LabFact]
    public void An_INIT_to_the_only_processor_of_a_machine_without_firmware_resets_it()
    {
        var program = Path.Combine(Directory.CreateTempSubdirectory("ringmaster-lab").FullName, "init.bin");
        File.WriteAllBytes(program,
        [
            0xBA, 0xF8, 0x03, 0xB0, (byte)'A', 0xEE,                                          // out 3F8h, 'A'
            0x66, 0xB9, 0x1B, 0, 0, 0, 0x0F, 0x32, 0x0D, 0x00, 0x0C, 0x0F, 0x30,              // IA32_APIC_BASE: x2APIC mode
            0x66, 0xB9, 0x30, 0x08, 0, 0, 0x66, 0x31, 0xD2, 0x66, 0xB8, 0x00, 0x45, 0, 0, 0x0F, 0x30, // ICR: INIT to APIC ID 0
            0xF4, 0xEB, 0xFD,
        ]);

        var log = lab.Run($"timeout 20 ringmaster run --engine kvm --memory 64M --kernel {program} --entry real --load 0x1000 </dev/null | head -c 3", s_boot);

        Assert.Contains("AAA", log, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(program)!, recursive: true);
    }

    private void UsesDisk(string settings, int cpus)
    {
        var log = Boot("kvm," + settings, cpus, "", UseDisk + "echo $(nproc) CPUs; grep virtio /proc/interrupts");

        Assert.Contains($"{cpus} CPUs", log, StringComparison.Ordinal);
        Assert.Contains("500+0 records out", log, StringComparison.Ordinal);
        Assert.Matches(@"PCI-MSI.*virtio\d-req\.0", log);
    }

    private string Boot(string engine, int cpus, string parameters, string script)
    {
        using var files = new ModuleArchive();
        return lab.Run(
            $"ringmaster run --engine {engine} --cpus {cpus} --memory 256M --net none --stats --kernel {files.Kernel} --initrd {files.Initrd} "
            + $"--initrd {files.Modules} --disk {files.Disk},format=raw,snapshot "
            + $"--append 'console=ttyS0 quiet {parameters} ringmaster.run=\"{ModuleArchive.Load}; {script}; poweroff -f\"' </dev/null 2>&1", s_boot);
    }

    /// <summary>A guest that sleeps for six seconds in short naps, while it is paused again and again.</summary>
    private void SurvivesPauses(string engine, string parameters = "")
    {
        var log = lab.Run(
            $$"""
            ringmaster run --engine {{engine}} --cpus 2 --memory 256M --control /tmp/pauses.sock \
                --append 'console=ttyS0 quiet {{parameters}} ringmaster.run="i=0; while [ $i -lt 60 ]; do sleep 0.1; i=$((i+1)); done; echo slept; poweroff -f"' </dev/null &
            until ringmaster status /tmp/pauses.sock >/dev/null 2>&1; do sleep 0.2; done
            for i in 1 2 3 4 5 6 7 8; do
                ringmaster pause /tmp/pauses.sock && sleep 0.5 && ringmaster resume /tmp/pauses.sock
                sleep 0.7
            done
            wait $!
            """, s_boot);

        Assert.Contains("slept", log, StringComparison.Ordinal);
    }
}
