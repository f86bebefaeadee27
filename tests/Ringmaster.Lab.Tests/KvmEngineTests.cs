namespace Ringmaster.Lab.Tests;

/// <summary>The KVM engine, where the processor really executes guests.</summary>
[Collection(LabCollection.Name)]
public sealed class KvmEngineTests(SharedLabHost lab)
{
    private static readonly TimeSpan s_boot = TimeSpan.FromMinutes(10);

    [LabFact]
    public void It_boots_Linux_to_a_shell_and_off_again()
    {
        var log = Boot("--engine kvm -v", "echo inner $((6*7)); cat /sys/devices/system/clocksource/clocksource0/current_clocksource; poweroff -f");

        Assert.Contains("Engine kvm: it was asked for.", log, StringComparison.Ordinal);
        Assert.Contains("inner 42", log, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^tsc", log);
        Assert.Contains("PoweredOff", log, StringComparison.Ordinal);
    }

    [LabFact]
    public void It_runs_two_CPUs_whose_interrupts_reach_each_other()
    {
        var log = Boot("--engine kvm --cpus 2", "echo $(nproc) CPUs; grep CAL: /proc/interrupts; poweroff -f");

        Assert.Contains("2 CPUs", log, StringComparison.Ordinal);
        Assert.Matches(@"CAL: +[1-9]\d* +[1-9]\d* ", log);
    }

    [LabFact]
    public void A_guest_that_resets_the_machine_starts_again()
    {
        var log = Boot("--engine kvm --cpus 2", "echo up; reboot -f", "timeout 150 ", " || true");

        Assert.Matches(@"(?s)\bup\b.*\bup\b", log);
    }

    [LabFact]
    public void Firmware_runs_in_real_mode()
    {
        var log = lab.Run("timeout 60 ringmaster run --engine kvm --firmware bios --memory 64M </dev/null || true", s_boot);

        Assert.Contains("SeaBIOS", log, StringComparison.Ordinal);
        Assert.Contains("No bootable device", log, StringComparison.Ordinal);
    }

    [LabFact]
    public void It_is_what_auto_chooses() =>
        Assert.Contains("Engine kvm: the host's processor executes the guest itself.", Boot("-v", "poweroff -f"), StringComparison.Ordinal);

    private string Boot(string options, string script, string before = "", string after = "") => lab.Run(
        $"{before}ringmaster run {options} --memory 256M --append 'console=ttyS0 quiet ringmaster.run=\"{script.Replace("'", "'\\''", StringComparison.Ordinal)}\"' </dev/null{after}", s_boot);
}
