using Ringmaster.Cpu.Models;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Guests.Tests.Linux;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Smp;

/// <summary>A distribution's kernel on several processors.</summary>
public abstract class SmpLinuxTests(EngineChoice engine) : IDisposable
{
    private const string Prompt = "\"exit\" powers off.";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly LinuxGuest _linux = LinuxGuest.Cloud();

    public static TheoryData<int, int, int> Topologies => new() { { 1, 2, 1 }, { 1, 2, 2 } };

    public void Dispose() => _linux.Dispose();

    [Theory]
    [MemberData(nameof(Topologies))]
    public void A_kernel_uses_all_processors_takes_them_off_and_on_and_complains_of_nothing(int sockets, int cores, int threads)
    {
        var topology = new CpuTopology(sockets, cores, threads);
        using var guest = Boot(topology);
        var all = $"0-{topology.Count - 1}";

        Assert.Equal(all, Ask(guest, "cat /sys/devices/system/cpu/online"));
        Assert.Equal($"{sockets} {cores * sockets} {topology.Count}", Ask(guest,
            "t() { cat /sys/devices/system/cpu/cpu*/topology/$1 | sort -u | wc -l; }; echo $(t package_cpus_list) $(t core_cpus_list) $(nproc)"));
        Assert.Equal("tsc", Ask(guest, "cat /sys/devices/system/clocksource/clocksource0/current_clocksource"));
        Assert.Equal("6 f6351f5ead9a700e34275480b3856ea738122a7c57bdeb744a631251c069587a", Ask(guest,
            "for i in 1 2 3 4 5 6; do seq 1 20000 | sha256sum & done > /tmp/sums; wait; echo $(sort /tmp/sums | uniq -c | tr -d -)"));
        // Each processor has had ticks and been told of something by another.
        Assert.Equal($"{topology.Count} {topology.Count}", Ask(guest,
            $"busy() {{ awk \"/ *$1:/ {{ for (i = 2; i < {topology.Count + 2}; i++) n += (\\$i > 0); print n }}\" /proc/interrupts; }}; echo $(busy LOC) $(busy CAL)"));
        Assert.Equal($"0\n{all}", Ask(guest, """
            o() { for c in /sys/devices/system/cpu/cpu[1-9]; do echo $1 > $c/online; done; cat /sys/devices/system/cpu/online; }; o 0; o 1
            """));
        // What has come back works: a process that may only run there does.
        Assert.Equal("done", Ask(guest, $"taskset -c {topology.Count - 1} sh -c 'seq 1 2000 | sha256sum > /tmp/last' && echo done"));

        var messages = KernelLog.Parse(Ask(guest, KernelLog.Command));
        guest.Console.SendLine("exit");
        Assert.IsType<RunOutcome.PoweredOff>(guest.WaitForEnd());
        Assert.True(messages.Count > 200, "The log is too short to be whole.");
        Assert.Empty(KernelLog.Faults(messages));
        Assert.Empty(messages.Where(m => m.IsComplaint && !AcceptedComplaints.Has(m.Text)).Select(m => m.Text));
    }

    [Fact]
    public void A_reboot_stops_all_processors_and_starts_them_again()
    {
        using var guest = Boot(CpuTopology.OfCores(2));
        guest.Console.SendLine("(while :; do :; done) & (while :; do :; done) & reboot -f");
        guest.Console.Expect("reboot: Restarting system", s_patience);
        guest.Console.Expect("Linux version", s_patience);
        guest.Console.Expect(Prompt, s_patience);

        Assert.Equal("0-1", Ask(guest, "cat /sys/devices/system/cpu/online"));
        guest.Console.SendLine("exit");
        Assert.IsType<RunOutcome.PoweredOff>(guest.WaitForEnd());
    }

    [Fact]
    public void A_stop_from_outside_ends_busy_and_idle_processors()
    {
        using var guest = Boot(CpuTopology.OfCores(3));
        Ask(guest, "(while :; do :; done) & (while :; do cat /proc/interrupts > /dev/null; done) & echo busy");

        Assert.IsType<RunOutcome.Stopped>(guest.Stop());
    }

    private static string Ask(TestGuest guest, string command) => ShellSession.Ask(guest.Console, command);

    private TestGuest Boot(CpuTopology topology)
    {
        var guest = new TestGuest(_linux.Machine($"{KernelLog.Parameters} {LinuxGuest.NoCryptoTests}") with
        {
            Cpus = topology,
            Engine = new EngineConfig(engine),
        });
        try
        {
            guest.Console.Expect(Prompt, s_patience);
            Ask(guest, "dmesg -n 1");
            return guest;
        }
        catch
        {
            guest.Dispose();
            throw;
        }
    }
}
