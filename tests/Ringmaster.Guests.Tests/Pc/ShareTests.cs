using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Sharing;
using Ringmaster.Guests.Tests.Linux;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>A directory of the host's in a Linux guest.</summary>
public sealed class ShareTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ringmaster-share-").FullName;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_directory_is_mounted_by_both(bool isReadOnly)
    {
        File.WriteAllText(Path.Combine(_directory, "greeting"), "from the host");
        using var server = new ShareServer(_directory, isReadOnly);
        var share = new ShareConfig(_directory, "docs", isReadOnly);
        using var guest = new DeviceGuest(LinuxGuest.GenericWith(Modules.NineP), Modules.NineP, machine => machine with { Shares = [share] },
            new MachineHost(NullLoggerFactory.Instance) { Shares = [server] });
        guest.Ask("mkdir /share; mount -t 9p -o trans=virtio,version=9p2000.L docs /share");

        Assert.Equal("from the host", guest.Ask("cat /share/greeting; echo").Trim());
        guest.Ask("mkdir /share/sub; seq 1 50000 > /share/sub/numbers; mv /share/sub/numbers /share/sub/moved; ln -s /etc/passwd /share/link; sync");
        Assert.Contains(isReadOnly ? "Read-only" : "", guest.Ask("touch /share/new 2>&1"), StringComparison.Ordinal);
        guest.Ask("umount /share");
        Assert.Empty(guest.Complaints());
        guest.PowerOff();

        var moved = Path.Combine(_directory, "sub", "moved");
        Assert.Equal(!isReadOnly, File.Exists(moved));
        if (!isReadOnly)
            Assert.Equal(Enumerable.Range(1, 50000).Select(n => $"{n}"), File.ReadLines(moved));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
