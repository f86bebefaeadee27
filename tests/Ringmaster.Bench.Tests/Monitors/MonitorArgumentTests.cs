using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Tests.Monitors;

public sealed class MonitorArgumentTests
{
    private static readonly GuestSpec s_linux = new("/k", "/i", "console=ttyS0 quiet", 2, 0);
    private static readonly GuestSpec s_bare = new("/nano", null, "", 1, 33);

    [Fact]
    public void Both_monitors_get_the_same_guest()
    {
        var qemu = Words(Qemu("max"), s_linux);
        var ringmaster = Words(new RingmasterMonitor("/r", "translator", "x86-64-v3"), s_linux);

        Assert.Contains("-kernel|/k|-initrd|/i|-append|console=ttyS0 quiet", qemu, StringComparison.Ordinal);
        Assert.Contains("--kernel|/k|--initrd|/i|--append|console=ttyS0 quiet", ringmaster, StringComparison.Ordinal);
        Assert.Contains("-smp|2|-m|512M", qemu, StringComparison.Ordinal);
        Assert.Contains("--cpus|2|--memory|512M", ringmaster, StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_and_models_are_passed_on()
    {
        Assert.Contains("-cpu|qemu64", Words(Qemu("qemu64"), s_bare), StringComparison.Ordinal);
        Assert.Contains("--engine|translator", Words(new RingmasterMonitor("/r", "translator", null), s_bare), StringComparison.Ordinal);
        Assert.Contains("--cpu|x86-64-v3", Words(new RingmasterMonitor("/r", "translator", "x86-64-v3"), s_bare), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_guest_has_neither_initrd_nor_command_line()
    {
        Assert.EndsWith("-kernel|/nano", Words(Qemu("max"), s_bare), StringComparison.Ordinal);
        Assert.EndsWith("--kernel|/nano", Words(new RingmasterMonitor("/r", "translator", null), s_bare), StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_are_the_same_in_both_monitors()
    {
        var guest = s_linux with { Disks = [new GuestDisk("/d", "qcow2", IsSnapshot: true)], Cable = new GuestCable("/c", IsFirst: false) };

        var qemu = Words(Qemu("max"), guest);
        var ringmaster = Words(new RingmasterMonitor("/r", "translator", null), guest);

        Assert.Contains("-drive|file=/d,format=qcow2,if=none,id=disk0,snapshot=on|-device|virtio-blk-pci,drive=disk0", qemu, StringComparison.Ordinal);
        Assert.Contains("-netdev|stream,id=net0,server=off,addr.type=unix,addr.path=/c/qemu", qemu, StringComparison.Ordinal);
        Assert.Contains("-machine|q35", qemu, StringComparison.Ordinal);
        Assert.Contains("--disk|/d,format=qcow2,snapshot|--net|socket=/c", ringmaster, StringComparison.Ordinal);
    }

    [Fact]
    public void Qemu_takes_another_accelerator_and_machine()
    {
        var qemu = new QemuMonitor(new QemuOptions("kvm", "microvm,pit=off", "host"));

        Assert.Contains("-accel|kvm|-machine|microvm,pit=off|-cpu|host", Words(qemu, s_linux), StringComparison.Ordinal);
    }

    [Fact]
    public void Firmware_starts_in_place_of_a_kernel()
    {
        var guest = s_bare with { IsFirmware = true };

        Assert.EndsWith("-bios|/nano", Words(Qemu("max"), guest), StringComparison.Ordinal);
        Assert.EndsWith("--firmware|/nano", Words(new RingmasterMonitor("/r", "translator", null), guest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("q35", true)]
    [InlineData("microvm", false)]
    [InlineData("microvm,pit=off", false)]
    public void Microvm_has_no_pci(string? machine, bool expected) => Assert.Equal(expected, new QemuOptions("tcg", machine, "max").HasPci);

    private static QemuMonitor Qemu(string cpu) => new(new QemuOptions("tcg", null, cpu));

    private static string Words(IMonitor monitor, GuestSpec guest) => string.Join('|', monitor.Arguments(guest));
}
