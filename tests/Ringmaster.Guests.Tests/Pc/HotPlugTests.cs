using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Disks;
using Ringmaster.Backends.Network;
using Ringmaster.Guests.Tests.Linux;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>Devices that come to a running Linux and leave it, by ACPI.</summary>
public sealed class HotPlugTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly string _directory = Directory.CreateTempSubdirectory("ringmaster-plug-").FullName;
    private readonly List<object> _left = [];

    [Theory]
    [InlineData(MachineType.Q35, DiskInterface.Virtio, "vda")]
    [InlineData(MachineType.Pc, DiskInterface.Virtio, "vda")]
    [InlineData(MachineType.Q35, DiskInterface.Nvme, "nvme0n1")]
    public async Task A_disk_comes_is_used_and_leaves(MachineType board, DiskInterface kind, string device)
    {
        var image = Path.Combine(_directory, "disk.raw");
        var content = Enumerable.Range(0, 8 << 20).Select(i => (byte)(i * 7 >> 3)).ToArray();
        File.WriteAllBytes(image, content);
        var modules = kind == DiskInterface.Virtio ? Modules.VirtioBlock : [];
        var disk = new DiskConfig(image) { Interface = kind, Format = DiskFormat.Raw, Id = "extra" };
        using var backend = new DiskBackend(disk.ToOptions(), NullLoggerFactory.Instance);
        using var guest = Guest(board, modules);

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal("extra", guest.Machine.Plug(disk, backend));
            guest.Await($"[ -b /dev/{device} ]");
            Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(content)), guest.Ask($"sha256sum < /dev/{device}"), StringComparison.Ordinal);
            Assert.Contains(guest.Machine.Devices, d => d.Name == "extra");
            Assert.Contains("already", Assert.Throws<InvalidOperationException>(() => guest.Machine.Plug(disk, backend)).Message, StringComparison.Ordinal);

            await guest.Machine.Unplug("extra").WaitAsync(s_patience);

            guest.Await($"[ ! -e /dev/{device} ]");
            Assert.Same(backend, _left[round]);
            Assert.DoesNotContain(guest.Machine.Devices, d => d.Name == "extra");
        }

        guest.Machine.Plug(disk, backend);
        guest.Await($"[ -b /dev/{device} ]");
        guest.Ask($"printf written | dd of=/dev/{device} bs=1 seek=512 2>/dev/null; sync");
        await guest.Machine.Unplug("extra").WaitAsync(s_patience);
        backend.Dispose();
        Assert.Equal("written", Encoding.ASCII.GetString(File.ReadAllBytes(image), 512, 7));
        Assert.Empty(guest.Complaints());
        guest.PowerOff();
    }

    [Theory]
    [InlineData(MachineType.Q35)]
    [InlineData(MachineType.Pc)]
    public async Task A_network_device_comes_is_used_and_leaves(MachineType board)
    {
        using var cable = new SwitchNetworkBackend(_directory, null, _ => { });
        using var peer = new SwitchNetworkBackend(_directory, null, _ => { });
        using var heard = new ManualResetEventSlim();
        peer.Connect((frame, in _) =>
        {
            // An ARP request for 10.9.0.9.
            if (frame.Length >= 42 && frame[38..42].SequenceEqual((ReadOnlySpan<byte>)[10, 9, 0, 9]))
                heard.Set();
            return true;
        });
        using var guest = Guest(board, Modules.VirtioNet);

        var name = guest.Machine.Plug(new NetConfig(NetKind.Switch) { Mac = cable.Address }, cable);
        guest.Await("[ -d /sys/class/net/eth0 ]");
        Assert.Contains(cable.Address.ToString(), guest.Ask("cat /sys/class/net/eth0/address"), StringComparison.OrdinalIgnoreCase);
        guest.Ask("ip addr add 10.9.0.1/24 dev eth0; ip link set eth0 up; sleep 1; ping -c 1 -W 1 10.9.0.9 > /dev/null");
        Assert.True(heard.Wait(s_patience), "Nothing came from the guest's new device.");

        Assert.Equal("net0", name);
        await guest.Machine.Unplug(name).WaitAsync(s_patience);
        guest.Await("[ ! -e /sys/class/net/eth0 ]");
        Assert.Same(cable, Assert.Single(_left));
        Assert.Empty(guest.Complaints());
        guest.PowerOff();
    }

    [Fact]
    public async Task A_disk_of_the_start_leaves_when_the_guest_lets_it_go_and_no_other_device_does()
    {
        var image = Path.Combine(_directory, "disk.raw");
        File.WriteAllBytes(image, new byte[1 << 20]);
        var disk = new DiskConfig(image) { Format = DiskFormat.Raw };
        using var backend = new DiskBackend(disk.ToOptions(), NullLoggerFactory.Instance);
        using var guest = Guest(MachineType.Q35, Modules.VirtioBlock, m => m with { Disks = [disk], HasBalloon = true }, [backend]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => guest.Machine.Unplug("balloon0"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => guest.Machine.Unplug("fwcfg"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => guest.Machine.Unplug("disk1"));
        // The guest itself switches the slot's power off.
        guest.Ask("for s in /sys/bus/pci/slots/*; do grep -q 0000:00:03 $s/address && echo 0 > $s/power; done");
        guest.Await("[ ! -e /dev/vda ]");

        Assert.True(SpinWait.SpinUntil(() => _left.Count == 1, s_patience));
        Assert.Same(backend, _left[0]);
        guest.PowerOff();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private DeviceGuest Guest(MachineType board, string[] modules, Func<MachineConfig, MachineConfig>? config = null, DiskBackend[]? disks = null)
    {
        var guest = new DeviceGuest(
            LinuxGuest.CloudWith(modules), modules, machine => (config ?? (m => m))(machine with { Type = board }),
            new MachineHost(NullLoggerFactory.Instance) { Left = _left.Add, Disks = disks ?? [] });
        guest.ForgetBoot();
        return guest;
    }
}
