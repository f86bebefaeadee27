using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Tests.Monitors;

public sealed class MonitorArgumentTests
{
    private static readonly GuestSpec s_linux = new("/k", "/i", "console=ttyS0 quiet", 2, 0);
    private static readonly GuestSpec s_bare = new("/nano", null, "", 1, 33);

    [Fact]
    public void Both_monitors_get_the_same_guest()
    {
        var qemu = Words(new QemuMonitor("max"), s_linux);
        var ringmaster = Words(new RingmasterMonitor("/r", "translator", "x86-64-v3"), s_linux);

        Assert.Contains("-kernel|/k|-initrd|/i|-append|console=ttyS0 quiet", qemu, StringComparison.Ordinal);
        Assert.Contains("--kernel|/k|--initrd|/i|--append|console=ttyS0 quiet", ringmaster, StringComparison.Ordinal);
        Assert.Contains("-smp|2|-m|512M", qemu, StringComparison.Ordinal);
        Assert.Contains("--cpus|2|--memory|512M", ringmaster, StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_and_models_are_passed_on()
    {
        Assert.Contains("-cpu|qemu64", Words(new QemuMonitor("qemu64"), s_bare), StringComparison.Ordinal);
        Assert.Contains("--engine|translator", Words(new RingmasterMonitor("/r", "translator", null), s_bare), StringComparison.Ordinal);
        Assert.Contains("--cpu|x86-64-v3", Words(new RingmasterMonitor("/r", "translator", "x86-64-v3"), s_bare), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_guest_has_neither_initrd_nor_command_line()
    {
        Assert.EndsWith("-kernel|/nano", Words(new QemuMonitor("max"), s_bare), StringComparison.Ordinal);
        Assert.EndsWith("--kernel|/nano", Words(new RingmasterMonitor("/r", "translator", null), s_bare), StringComparison.Ordinal);
    }

    private static string Words(IMonitor monitor, GuestSpec guest) => string.Join('|', monitor.Arguments(guest));
}
