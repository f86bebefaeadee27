using System.Formats.Tar;
using System.Globalization;
using Ringmaster.Backends.Disks;
using Ringmaster.Backends.Guests;
using Ringmaster.Backends.Guests.Debian;
using Ringmaster.Backends.Tests.Network;
using Ringmaster.Cpu.Models;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>A distribution as people install it: systemd, ext4 in a qcow2 image, DHCP, SSH through a published port. Needs root.</summary>
public sealed class DebianTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ringmaster-debian-").FullName;

    [LongFact]
    public void Debian_started_by_its_kernel_writes_and_verifies_a_gigabyte() =>
        WriteAndVerify((machine, debian) => DebianGuest.ByKernel(machine, debian));

    [LongFact]
    public void Debian_started_by_UEFI_and_GRUB_writes_and_verifies_a_gigabyte() =>
        WriteAndVerify((machine, _) => machine with { Firmware = FirmwareConfig.Uefi });

    [LongFact]
    public void Debian_started_by_BIOS_and_GRUB_writes_and_verifies_a_gigabyte() =>
        WriteAndVerify((machine, _) => machine with { Firmware = FirmwareConfig.Bios });

    [LongFact]
    public void Four_processors_build_a_program() => NetworkNamespace.RunConnected(() =>
    {
        var debian = Debian();
        using var guest = new DebianGuest(debian, Overlay(debian), machine => DebianGuest.ByKernel(machine, debian) with { Cpus = CpuTopology.OfCores(4) });
        using var sources = new MemoryStream();
        TarFile.CreateFromDirectory(Path.Combine(CloneRoot(), "bench", "programs"), sources, includeBaseDirectory: false);
        sources.Position = 0;

        guest.Ask("mkdir /build && tar -x -C /build", sources);
        guest.Ask("""
            cd /build
            printf '%s\n' 'O = $(patsubst %.c,%.o,$(shell find . -name "*.c" ! -path "./guest/*"))' 'all: programs' 'programs: $(O)' \
                '	cc -pthread -o $@ $^ -lm' 'CFLAGS = -O2 -std=gnu11 -fno-math-errno -pthread' > Makefile
            make -j4
            """);

        Assert.Equal("4", guest.Ask("nproc").Trim());
        Assert.Contains("sha256", guest.Ask("/build/programs list"), StringComparison.Ordinal);
        Assert.Empty(guest.Complaints());
        guest.PowerOff();
    });

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static DebianDisk Debian() => new GuestFiles(GuestFiles.DefaultDirectory).FetchDebian();

    private DiskConfig Overlay(DebianDisk debian)
    {
        var path = Path.Combine(_directory, "disk.qcow2");
        HostProgram.Run("qemu-img", "create", "-q", "-f", "qcow2", "-b", debian.Image, "-F", "qcow2", path);
        return new DiskConfig(path) { Format = DiskFormat.Qcow2 };
    }

    private void WriteAndVerify(Func<MachineConfig, DebianDisk, MachineConfig> boots) => NetworkNamespace.RunConnected(() =>
    {
        var debian = Debian();
        var disk = Overlay(debian);
        string sum;
        using (var guest = new DebianGuest(debian, disk, machine => boots(machine, debian)))
            sum = WriteAndVerify(guest);

        VerifyFromHost(disk.Path, sum);
    });

    /// <returns>The sum of what is on the disk at last.</returns>
    private static string WriteAndVerify(DebianGuest guest)
    {
        Assert.Contains("10.0.2.15/24", guest.Ask("ip -brief address"), StringComparison.Ordinal);
        Assert.Equal("running", guest.Ask("systemctl is-system-running --wait").Trim());

        var written = guest.Ask("head -c 1G /dev/urandom | tee /big | sha256sum").Trim();
        var read = guest.Ask("sync; echo 3 > /proc/sys/vm/drop_caches; sha256sum < /big").Trim();

        Assert.Equal(written, read);
        Assert.Empty(guest.Complaints());
        guest.PowerOff();
        return written.Split(' ')[0];
    }

    private void VerifyFromHost(string image, string sum)
    {
        HostProgram.Run("qemu-img", "check", "-q", image);
        var raw = Path.Combine(_directory, "disk.raw");
        HostProgram.Run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", image, raw);
        var partition = $"{raw}?offset={DebianDisk.RootOffset.ToString(CultureInfo.InvariantCulture)}";
        HostProgram.Run("e2fsck", "-fn", partition);
        Assert.StartsWith(sum, HostProgram.Run("sh", "-c", $"debugfs -R 'cat /big' '{partition}' 2> /dev/null | sha256sum"), StringComparison.Ordinal);
    }

    private static string CloneRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Ringmaster.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie in a clone.");
        return folder.FullName;
    }
}
