using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Disks;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Guests.Tests.Linux;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>Disks by each interface, written by Linux's own drivers and examined on the host by tools that know nothing of us.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ringmaster-disk-").FullName;

    [Theory]
    [InlineData(DiskInterface.Virtio, DiskFormat.Raw, "vda")]
    [InlineData(DiskInterface.Virtio, DiskFormat.Qcow2, "vda")]
    [InlineData(DiskInterface.Nvme, DiskFormat.Qcow2, "nvme0n1")]
    [InlineData(DiskInterface.Ide, DiskFormat.Raw, "sda")]
    public void A_file_system_that_a_guest_has_written_is_whole(DiskInterface kind, DiskFormat format, string device)
    {
        var image = Path.Combine(_directory, "image");
        HostProgram.Run("qemu-img", "create", "-q", "-f", format == DiskFormat.Raw ? "raw" : "qcow2", image, "96M");
        var modules = kind switch { DiskInterface.Virtio => Modules.VirtioBlock, DiskInterface.Ide => Modules.Ata, _ => [] };
        var disk = new DiskConfig(image) { Interface = kind, Format = format };
        using (var backend = new DiskBackend(disk.ToOptions(), NullLoggerFactory.Instance))
        {
            using var guest = new DeviceGuest(LinuxGuest.CloudWith(modules), modules, machine => machine with { Disks = [disk] },
                new MachineHost(NullLoggerFactory.Instance) { Disks = [backend] });

            guest.Ask($"mke2fs -F /dev/{device}; mkdir /disk; mount -t ext4 /dev/{device} /disk; seq 1 300000 > /disk/numbers; mkdir /disk/a; cp /disk/numbers /disk/a/copy");
            guest.Ask($"umount /disk; echo 3 > /proc/sys/vm/drop_caches; mount -t ext4 /dev/{device} /disk");
            var sums = guest.Ask("sha256sum < /disk/numbers; seq 1 300000 | sha256sum; sha256sum < /disk/a/copy").Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(3, sums.Length);
            Assert.Single(sums.Distinct());
            guest.Ask("rm /disk/numbers; umount /disk");
            Assert.Empty(guest.Complaints());
            guest.PowerOff();
        }

        if (format == DiskFormat.Qcow2)
        {
            HostProgram.Run("qemu-img", "check", "-q", image);
            HostProgram.Run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", image, image + ".raw");
        }
        HostProgram.Run("e2fsck", "-fn", format == DiskFormat.Raw ? image : image + ".raw");
    }

    [Theory]
    [InlineData(MachineType.Q35, DiskInterface.Sata)]
    [InlineData(MachineType.Pc, DiskInterface.Ide)]
    public void A_guest_copies_a_disc_to_a_disk(MachineType type, DiskInterface kind)
    {
        const int size = 8 << 20;
        var (disc, copy) = (Path.Combine(_directory, "disc"), Path.Combine(_directory, "copy"));
        var content = new byte[size];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(disc, content);
        File.WriteAllBytes(copy, new byte[size]);
        string[] modules = [.. type == MachineType.Q35 ? Modules.Ahci : Modules.Ata, .. Modules.CdRom];
        List<DiskConfig> disks =
        [
            new(disc) { Interface = DiskInterface.CdRom, Format = DiskFormat.Raw, IsReadOnly = true }, new(copy) { Interface = kind, Format = DiskFormat.Raw },
        ];
        List<DiskBackend> backends = [.. disks.Select(d => new DiskBackend(d.ToOptions(), NullLoggerFactory.Instance))];
        using (var guest = new DeviceGuest(
            type == MachineType.Q35 ? LinuxGuest.GenericWith(modules) : LinuxGuest.CloudWith(modules), modules,
            machine => machine with { Type = type, Disks = disks }, new MachineHost(NullLoggerFactory.Instance) { Disks = backends }))
        {
            guest.Await("[ -b /dev/sr0 ] && [ -b /dev/sda ]");

            guest.Ask("dd if=/dev/sr0 of=/dev/sda bs=64k; sync");

            Assert.Empty(guest.Complaints());
            guest.PowerOff();
        }
        backends.ForEach(backend => backend.Dispose());
        Assert.Equal(content, File.ReadAllBytes(copy));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
