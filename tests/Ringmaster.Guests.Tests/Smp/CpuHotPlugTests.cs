using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Cpu.Models;
using Ringmaster.Guests.Tests.Linux;
using Ringmaster.Guests.Tests.Pc;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Smp;

/// <summary>Processors that come to a running Linux, by ACPI.</summary>
public sealed class CpuHotPlugTests
{
    [Theory]
    [InlineData(MachineType.Q35)]
    [InlineData(MachineType.Pc)]
    public async Task Processors_come_and_are_brought_on_line(MachineType board)
    {
        using var guest = new DeviceGuest(LinuxGuest.CloudWith([]), [], m => m with { Type = board, Cpus = CpuTopology.OfCores(4), PresentCpus = 1 }, new MachineHost(NullLoggerFactory.Instance));
        guest.ForgetBoot();
        Assert.Equal("0", guest.Ask("cat /sys/devices/system/cpu/present").Trim());
        Assert.Equal("0-3", guest.Ask("cat /sys/devices/system/cpu/possible").Trim());

        await guest.Machine.SetCpus(3);

        Assert.Equal(3, guest.Machine.Cpus);
        foreach (var cpu in (int[])[1, 2])
        {
            guest.Await($"[ -e /sys/devices/system/cpu/cpu{cpu}/online ]");
            guest.Ask($"echo 1 > /sys/devices/system/cpu/cpu{cpu}/online");
        }
        Assert.Equal("3", guest.Ask("grep -c ^processor /proc/cpuinfo").Trim());
        Assert.Equal("0-2", guest.Ask("cat /sys/devices/system/cpu/online").Trim());
        // Each does something.
        Assert.Equal("1 2", guest.Ask("for c in 1 2; do taskset $((1 << c)) sh -c 'grep ^Cpus_allowed_list /proc/self/status' | cut -f 2; done | xargs").Trim());
        Assert.Throws<InvalidOperationException>(() => { _ = guest.Machine.SetCpus(2); });
        Assert.Throws<InvalidOperationException>(() => { _ = guest.Machine.SetCpus(5); });
        Assert.Empty(guest.Complaints());
        guest.PowerOff();
    }
}
