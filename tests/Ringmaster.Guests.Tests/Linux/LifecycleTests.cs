using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Linux;

/// <summary>How a guest restarts, is switched off and goes wrong.</summary>
public sealed class LifecycleTests : IDisposable
{
    private const string Prompt = "\"exit\" powers off.";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly LinuxGuest _linux = LinuxGuest.Cloud();

    public void Dispose() => _linux.Dispose();

    [Fact]
    public void Reboot_starts_the_kernel_again()
    {
        using var guest = new TestGuest(_linux.Machine(LinuxGuest.NoCryptoTests));
        guest.Console.Expect(Prompt, TestGuest.Patience);

        guest.Console.SendLine("reboot -f");
        guest.Console.Expect("reboot: Restarting system", s_patience);
        guest.Console.Expect("Linux version", s_patience);
        guest.Console.Expect(Prompt, TestGuest.Patience);
        guest.Console.SendLine("exit");

        Assert.IsType<RunOutcome.PoweredOff>(guest.WaitForEnd());
    }

    [Fact]
    public void A_panic_is_seen_at_once_and_reboots_if_the_guest_wants_it()
    {
        using var guest = new TestGuest(_linux.Machine($"{LinuxGuest.NoCryptoTests} panic=-1"));
        guest.Console.Expect(Prompt, TestGuest.Patience);

        guest.Console.SendLine("echo c > /proc/sysrq-trigger");
        var started = DateTime.UtcNow;
        guest.Console.TryExpect("no such text", TestGuest.Patience, out _, out var why);

        Assert.Contains("Kernel panic - not syncing", why, StringComparison.Ordinal);
        Assert.True(DateTime.UtcNow - started < s_patience);
        guest.Console.PanicIsExpected = true;
        guest.Console.Expect("Linux version", s_patience);
    }

    [Fact]
    public void A_guest_without_APICs_is_woken_by_its_timer_through_the_8259()
    {
        using var guest = new TestGuest(_linux.Machine($"{LinuxGuest.NoCryptoTests} noapic nolapic"));
        guest.Console.Expect(Prompt, TestGuest.Patience);

        guest.Console.SendLine("sleep 0.2; grep -m1 timer /proc/interrupts; exit");

        Assert.Matches(@"[1-9]\d* +XT-PIC +timer", guest.Console.ExpectLine("0:", s_patience));
        Assert.IsType<RunOutcome.PoweredOff>(guest.WaitForEnd());
    }

    [Fact]
    public void The_power_button_reaches_the_guest()
    {
        using var linux = LinuxGuest.CloudWithButtons();
        using var guest = new TestGuest(linux.Machine(LinuxGuest.NoCryptoTests));
        guest.Console.Expect(Prompt, TestGuest.Patience);
        guest.Console.SendLine("insmod /button.ko; echo \"be\"fore: $(cat /sys/firmware/acpi/interrupts/ff_pwr_btn)");
        Assert.StartsWith("0 ", guest.Console.ExpectLine("before: ", s_patience).Trim(), StringComparison.Ordinal);

        guest.PressPowerButton();

        guest.Console.SendLine("sleep 0.2; echo \"af\"ter: $(cat /sys/firmware/acpi/interrupts/ff_pwr_btn)");
        Assert.StartsWith("1 ", guest.Console.ExpectLine("after: ", s_patience).Trim(), StringComparison.Ordinal);
        guest.Console.SendLine("exit");
        Assert.IsType<RunOutcome.PoweredOff>(guest.WaitForEnd());
    }

    [LongTheory]
    [InlineData("x86-64-v1")]
    [InlineData("x86-64-v2")]
    [InlineData("x86-64-v3")]
    [InlineData("EPYC-Milan")]
    public void Every_CPU_model_boots_and_computes(string model)
    {
        var config = _linux.Machine() with { Cpu = new CpuConfig(model, []) };
        using var guest = new TestGuest(config);
        guest.Console.Expect(Prompt, TestGuest.Patience);

        guest.Console.SendLine("seq 1 20000 | sha256sum; dmesg -r | grep -c '^<[0-3]>'; exit");
        guest.Console.Expect("f6351f5ead9a700e34275480b3856ea738122a7c57bdeb744a631251c069587a", s_patience);

        Assert.IsType<RunOutcome.PoweredOff>(guest.WaitForEnd());
        Assert.DoesNotContain("invalid opcode", guest.Console.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Call Trace", guest.Console.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_CPU_model_beyond_the_engine_is_refused_with_what_it_lacks()
    {
        var config = _linux.Machine() with { Cpu = new CpuConfig("x86-64-v3", [new CpuFeatureChange("avx512f", true)]) };

        var error = Assert.Throws<MachineSetupException>(() => new TestGuest(config));

        Assert.Contains("avx512", error.Message, StringComparison.OrdinalIgnoreCase);
    }
}
