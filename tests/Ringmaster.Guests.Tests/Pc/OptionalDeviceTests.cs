using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Disks;
using Ringmaster.Backends.Serial;
using Ringmaster.Backends.Sockets;
using Ringmaster.Devices.Input;
using Ringmaster.Guests.Tests.Linux;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>Devices that options plug in, used by Linux's own drivers.</summary>
public sealed class OptionalDeviceTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly string _directory = Directory.CreateTempSubdirectory("ringmaster-devices-").FullName;

    [Fact]
    public void A_named_console_port_joins_programs_of_both_sides()
    {
        var path = Path.Combine(_directory, "agent");
        using var console = new FileSerialBackend(Path.Combine(_directory, "console"));
        using var agent = new UnixSocketSerialBackend(path);
        using var socket = Connect(path);
        using (var guest = Guest(Modules.VirtioConsole, m => m with
        {
            Consoles = [new ConsoleConfig(new SerialConfig(SerialKind.Unix, path), "org.example.agent"), new ConsoleConfig(new SerialConfig(SerialKind.File))],
        }, host => host with { Consoles = [agent, console] }))
        {
            var port = guest.Ask("grep -l org.example.agent /sys/class/virtio-ports/*/name").Trim().Split('/')[^2];

            guest.Ask($"echo hello > /dev/{port}; echo to the console > /dev/hvc0");
            var buffer = new byte[16];
            Assert.Equal("hello\n", Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer)));
            socket.Send("and back\n"u8);
            Assert.Equal("and back", guest.Ask($"head -n 1 < /dev/{port}").Trim());
            Assert.Empty(guest.Complaints());
            guest.PowerOff();
        }
        console.Dispose();
        Assert.Contains("to the console", File.ReadAllText(Path.Combine(_directory, "console")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_balloon_takes_memory_and_gives_it_back()
    {
        const ulong size = 128 << 20;
        using var guest = Guest(Modules.VirtioBalloon, m => m with { HasBalloon = true });
        var before = Free(guest);

        guest.Machine.Inflate(size);
        Assert.True(SpinWait.SpinUntil(() => guest.Machine.Balloon?.Actual == size, s_patience));
        Assert.InRange(before - Free(guest), 100 << 10, 160 << 10);
        guest.Machine.Inflate(0);
        Assert.True(SpinWait.SpinUntil(() => guest.Machine.Balloon?.Actual == 0, s_patience));
        Assert.InRange(before - Free(guest), -20 << 10, 20 << 10);
        Assert.Empty(guest.Complaints());
        guest.PowerOff();
    }

    [Fact]
    public void A_tablet_takes_the_pointer_over_when_it_has_a_driver()
    {
        using var guest = Guest(Modules.Virtio, m => m with { HasScreen = true, Inputs = [InputKind.Tablet, InputKind.Keyboard] }, modulesToBring: Modules.VirtioInput);
        var console = guest.Machine.Console!;
        Assert.False(console.PointerIsAbsolute);

        guest.Ask("insmod /virtio_input.ko");
        guest.Await("grep -q Tablet /proc/bus/input/devices");

        Assert.True(console.PointerIsAbsolute);
        Assert.Contains("Ringmaster Virtio Keyboard", guest.Ask("cat /proc/bus/input/devices"), StringComparison.Ordinal);
        console.Move(100, 200, PointerButtons.Left, 0);
        console.Press(new Key(30), true);
        console.Press(new Key(30), false);
        Assert.Empty(guest.Complaints());
        guest.PowerOff();
    }

    [Fact]
    public void A_stream_to_a_port_that_nobody_in_the_guest_listens_at_is_refused_by_its_kernel()
    {
        var path = Path.Combine(_directory, "vsock");
        using var backend = new UnixVsockBackend(path);
        using var guest = Guest(Modules.VirtioVsock, m => m with { Vsock = new VsockConfig(7, path) }, host => host with { Vsock = backend });
        using var socket = Connect(path);

        socket.Send("CONNECT 99\n"u8);

        socket.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        Assert.Equal(0, socket.Receive(new byte[16]));
        Assert.Empty(guest.Complaints());
        guest.PowerOff();
    }

    [Fact]
    public void A_diskette_is_read_and_written()
    {
        var image = Path.Combine(_directory, "floppy.img");
        var content = Enumerable.Range(0, 1440 << 10).Select(i => (byte)(i * 13 >> 5)).ToArray();
        File.WriteAllBytes(image, content);
        var disk = new DiskConfig(image) { Interface = DiskInterface.Floppy, Format = DiskFormat.Raw };
        using (var backend = new DiskBackend(disk.ToOptions(), NullLoggerFactory.Instance))
        {
            using var guest = new DeviceGuest(
                LinuxGuest.GenericWith("drivers/block/floppy.ko"), ["drivers/block/floppy.ko"], m => m with { Disks = [disk] },
                new MachineHost(NullLoggerFactory.Instance) { Disks = [backend] });

            Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(content)), guest.Ask("sha256sum < /dev/fd0"), StringComparison.Ordinal);
            guest.Ask("printf written | dd of=/dev/fd0 bs=512 seek=7 conv=sync 2>/dev/null; sync");
            guest.PowerOff();
        }
        Assert.Equal("written", Encoding.ASCII.GetString(File.ReadAllBytes(image), 7 * 512, 7));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static DeviceGuest Guest(
        string[] modules, Func<MachineConfig, MachineConfig> config, Func<MachineHost, MachineHost>? host = null, string[]? modulesToBring = null)
    {
        var guest = new DeviceGuest(
            LinuxGuest.CloudWith(modulesToBring ?? modules), modules, config, (host ?? (h => h))(new MachineHost(NullLoggerFactory.Instance)));
        guest.ForgetBoot();
        return guest;
    }

    private static int Free(DeviceGuest guest) =>
        int.Parse(guest.Ask("grep MemFree /proc/meminfo").Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);

    private static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }
}
