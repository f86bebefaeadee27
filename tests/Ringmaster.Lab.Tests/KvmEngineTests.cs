namespace Ringmaster.Lab.Tests;

/// <summary>The KVM engine, where the processor really executes guests.</summary>
[Collection(LabCollection.Name)]
public sealed class KvmEngineTests(SharedLabHost lab)
{
    private static readonly TimeSpan s_boot = TimeSpan.FromMinutes(10);

    [LabFact]
    public void Its_own_tests_pass_where_the_kernel_runs_guests() =>
        lab.RunTests("Ringmaster.Cpu.Kvm.Tests", "FullyQualifiedName~Ringmaster", TimeSpan.FromMinutes(20));

    [LabFact]
    public void It_boots_Linux_to_a_shell_and_off_again()
    {
        var log = Boot("--engine kvm -v", "echo inner $((6*7)); cat /sys/devices/system/clocksource/clocksource0/current_clocksource; poweroff -f");

        Assert.Contains("Engine kvm: it was asked for.", log, StringComparison.Ordinal);
        Assert.Contains("inner 42", log, StringComparison.Ordinal);
        // The emulated processor has no time-stamp counter that Linux would prefer.
        Assert.Matches(@"(?m)^kvm-clock", log);
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
        // It would do so for ever.
        var log = lab.Run(
            $"""
            {Command("--engine kvm --cpus 2", "echo up; reboot -f")} >/tmp/resets.log 2>&1 &
            until [ "$(grep -c '^up' /tmp/resets.log)" -ge 2 ] || ! kill -0 $!; do sleep .5; done
            kill $!; wait; cat /tmp/resets.log
            """, s_boot);

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

    [LabFact]
    public void Linux_finds_KVMs_clock_and_its_other_interfaces()
    {
        var log = Boot("--engine kvm --cpus 2", "cat /sys/devices/system/clocksource/clocksource0/available_clocksource; dmesg | grep -i -e kvm -e stable; poweroff -f");

        Assert.Matches(@"(?m)^.*\bkvm-clock\b", log);
        Assert.Contains("Hypervisor detected: KVM", log, StringComparison.Ordinal);
        Assert.Contains("kvm-clock: using sched offset", log, StringComparison.Ordinal);
        Assert.Contains("KVM setup pv remote TLB flush", log, StringComparison.Ordinal);
    }

    [LabFact]
    public void Linux_keeps_time_by_KVMs_clock()
    {
        var log = Boot("--engine kvm --cpus 2", "cd /sys/devices/system/clocksource/clocksource0; echo kvm-clock >current_clocksource; cat current_clocksource; "
            + "a=$(date +%s); sleep 3; b=$(date +%s); echo $((b-a)) seconds; poweroff -f");

        Assert.Matches(@"(?m)^kvm-clock", log);
        Assert.Matches(@"\b[3-6] seconds", log);
    }

    [LabFact]
    public void Without_interfaces_Linux_does_not_know_its_hypervisor()
    {
        var log = Boot("--engine kvm --paravirt none", "cat /sys/devices/system/clocksource/clocksource0/available_clocksource; dmesg | grep -i hypervisor; poweroff -f");

        Assert.DoesNotContain("kvm-clock", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Hypervisor detected", log, StringComparison.Ordinal);
    }

    [LabFact]
    public void Linux_finds_Hyper_Vs_clock_page_and_hypercalls()
    {
        var log = Boot("--engine kvm --hyperv --cpus 2", "cat /sys/devices/system/clocksource/clocksource0/current_clocksource; dmesg; "
            + "a=$(date +%s); sleep 3; b=$(date +%s); echo $((b-a)) seconds; poweroff -f");

        Assert.Matches(@"(?m)^hyperv_clocksource_tsc_page", log);
        Assert.Contains("Hypervisor detected: Microsoft Hyper-V", log, StringComparison.Ordinal);
        Assert.Contains("Hyper-V: Using hypercall for remote TLB flush", log, StringComparison.Ordinal);
        Assert.DoesNotContain("unchecked MSR access", log, StringComparison.Ordinal);
        Assert.Matches(@"\b[3-6] seconds", log);
    }

    [LabFact]
    public void KVMs_clock_stands_still_while_the_VM_does() => StandsStill("", "kvm-clock");

    [LabFact]
    public void Hyper_Vs_clock_stands_still_while_the_VM_does() => StandsStill("--hyperv", "hyperv_clocksource_tsc_page");

    [LabFact]
    public void A_guests_memory_is_reserved_pages_that_the_host_lacks_at_first()
    {
        const string boot = "ringmaster run --engine kvm --memory 256M,huge=2M,lock --append 'console=ttyS0 quiet ringmaster.run=\"grep HugePages_ /proc/meminfo; echo up; poweroff -f\"' </dev/null";

        var log = lab.Run($"echo 0 >/proc/sys/vm/nr_hugepages; {boot}; echo 128 >/proc/sys/vm/nr_hugepages; {boot} & "
            + "for i in $(seq 100); do grep -q 'HugePages_Free: *0$' /proc/meminfo && grep -q 'HugePages_Total: *128$' /proc/meminfo && { echo all in use; break; }; sleep .1; done; wait; "
            + "echo 0 >/proc/sys/vm/nr_hugepages", s_boot);

        Assert.Contains("The host has 0 free reserved pages of 2M, and the guest needs 128. As root: echo 128 >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", log, StringComparison.Ordinal);
        Assert.Contains("all in use", log, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^up", log);
    }

    /// <summary>Has a guest look at its clock five times a second, and pauses the VM for longer than it ever waits between two looks.</summary>
    private void StandsStill(string options, string clock)
    {
        var script = $"cd /sys/devices/system/clocksource/clocksource0; echo {clock} >current_clocksource; cat current_clocksource; read a _ </proc/uptime; m=0; i=0; "
            + "while [ $i -lt 40 ]; do read b _ </proc/uptime; g=$((${b%.*}-${a%.*})); [ $g -gt $m ] && m=$g; a=$b; [ $i = 5 ] && echo now; sleep 0.2; i=$((i+1)); done; "
            + "echo longest gap $m; poweroff -f";

        var log = lab.Run(
            $"""
            ringmaster run --engine kvm {options} --name clock --memory 256M --append 'console=ttyS0 quiet ringmaster.run="{script}"' </dev/null >/tmp/clock.log 2>&1 &
            until grep -q '^now' /tmp/clock.log; do sleep .2; done
            ringmaster pause clock && sleep 20 && ringmaster resume clock
            wait; cat /tmp/clock.log
            """, s_boot);

        Assert.Matches($"(?m)^{clock}", log);
        Assert.Matches(@"longest gap ([0-9]|1[0-2])\b", log);
    }

    private string Boot(string options, string script) => lab.Run(Command(options, script), s_boot);

    // Linux's test of the timer fails where threads of the emulator wait for a busy host.
    private static string Command(string options, string script) =>
        $"ringmaster run {options} --memory 256M --append 'console=ttyS0 quiet no_timer_check ringmaster.run=\"{script.Replace("'", "'\\''", StringComparison.Ordinal)}\"' </dev/null";
}
