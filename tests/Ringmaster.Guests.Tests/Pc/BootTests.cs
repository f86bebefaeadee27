using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Disks;
using Ringmaster.Backends.Flash;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Guests.Tests.Linux;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>The distribution's firmware boots its boot loaders from each kind of device, and they its kernel.</summary>
public sealed class BootTests : IDisposable
{
    private readonly BootImages _images = new();

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(DiskInterface.Virtio, MachineType.Q35)]
    [InlineData(DiskInterface.Nvme, MachineType.Q35)]
    [InlineData(DiskInterface.Sata, MachineType.Q35)]
    [InlineData(DiskInterface.Ide, MachineType.Pc)]
    public void SeaBIOS_boots_GRUB_from_a_disk(DiskInterface kind, MachineType type)
    {
        var disk = new DiskConfig(_images.BiosDisk("bios-disk")) { Interface = kind };

        var told = Run(Firmware(FirmwareConfig.Bios) with { Type = type, Disks = [disk], Cpus = Cores(2) });

        AssertTold(told, "bios-disk", cpus: 2, hasUefi: false);
    }

    [Fact]
    public void SeaBIOS_boots_SYSLINUX_from_a_disk()
    {
        var disk = new DiskConfig(_images.SyslinuxDisk("syslinux-disk")) { Interface = DiskInterface.Ide };

        var told = Run(Firmware(FirmwareConfig.Bios) with { Type = MachineType.Pc, Disks = [disk] });

        AssertTold(told, "syslinux-disk", cpus: 1, hasUefi: false);
    }

    [Theory]
    [InlineData(DiskInterface.Virtio, MachineType.Q35)]
    [InlineData(DiskInterface.Nvme, MachineType.Q35)]
    [InlineData(DiskInterface.Sata, MachineType.Q35)]
    [InlineData(DiskInterface.Ide, MachineType.Pc)]
    public void UEFI_boots_GRUB_from_a_disk(DiskInterface kind, MachineType type)
    {
        var disk = new DiskConfig(_images.EfiDisk("efi-disk")) { Interface = kind };

        var told = Run(Firmware(FirmwareConfig.Uefi) with { Type = type, Disks = [disk], Cpus = Cores(2) });

        AssertTold(told, "efi-disk", cpus: 2, hasUefi: true);
    }

    [Theory]
    [InlineData(false, MachineType.Q35)]
    [InlineData(true, MachineType.Q35)]
    [InlineData(false, MachineType.Pc)]
    [InlineData(true, MachineType.Pc)]
    public void The_boot_order_puts_a_disc_before_a_disk(bool isUefi, MachineType type)
    {
        var disk = new DiskConfig(isUefi ? _images.EfiDisk("disk") : _images.BiosDisk("disk"));
        var disc = new DiskConfig(_images.Disc("disc")) { Interface = DiskInterface.CdRom, IsReadOnly = true };
        var machine = Firmware(isUefi ? FirmwareConfig.Uefi : FirmwareConfig.Bios) with { Type = type, Disks = [disk, disc] };

        AssertTold(Run(machine with { Boot = new BootConfig([BootConfig.Cdrom]) }), "disc", cpus: 1, isUefi);
        AssertTold(Run(machine with { Boot = new BootConfig([BootConfig.Disk, BootConfig.Cdrom]) }), "disk", cpus: 1, isUefi);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Firmware_starts_the_kernel_that_the_machine_has(bool isUefi)
    {
        var told = Run(Firmware(isUefi ? FirmwareConfig.Uefi : FirmwareConfig.Bios) with
        {
            Kernel = _images.Linux.Kernel,
            Initrds = [_images.Linux.Initrd],
            CommandLine = BootImages.Parameters("kernel"),
        });

        AssertTold(told, "kernel", cpus: 1, isUefi);
    }

    [Fact]
    public void Variables_of_UEFI_are_there_in_the_next_run()
    {
        const string name = "setvar passed -guid 12345678-1234-1234-1234-123456789abc";
        var file = _images.At("variables.fd");
        var template = File.ReadAllBytes(FirmwareConfig.Uefi.VariablesTemplate!);

        using (var variables = new FlashFile(file, template))
        {
            using var guest = Shell(variables);
            Type(guest, $"{name} -bs -nv =0x0badcafe", "Shell>");
            Type(guest, name, "FE CA AD 0B");
            SwitchOff(guest);
        }
        using (var variables = new FlashFile(file, template))
        {
            using var guest = Shell(variables);
            Type(guest, name, "FE CA AD 0B");
            SwitchOff(guest);
        }
    }

    private static MachineConfig Firmware(FirmwareConfig firmware) => new() { Firmware = firmware, Engine = new EngineConfig(EngineChoice.Translator) };

    private static Cpu.Models.CpuTopology Cores(int count) => Cpu.Models.CpuTopology.OfCores(count);

    private static string Run(MachineConfig config)
    {
        List<DiskBackend> disks = [.. config.Disks.Select(d => new DiskBackend(d.ToOptions(), NullLoggerFactory.Instance))];
        try
        {
            using var guest = new TestGuest(config, new MachineHost(NullLoggerFactory.Instance) { Disks = disks });
            guest.Console.Expect("\nmark=", TestGuest.Patience);
            var told = guest.Console.Expect("all-told\n", TestGuest.Patience);
            Assert.IsType<RunOutcome.PoweredOff>(guest.WaitForEnd());
            Assert.DoesNotContain(guest.Console.Text, text => text == '\0');
            return told;
        }
        finally
        {
            foreach (var disk in disks)
                disk.Dispose();
        }
    }

    private static void AssertTold(string told, string mark, int cpus, bool hasUefi)
    {
        var lines = told.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(mark, lines[0]);
        Assert.Equal($"{cpus}", lines[1]);
        var firmware = lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("acpi", firmware);
        Assert.Equal(hasUefi, firmware.Contains("efi"));
        Assert.Equal("Ringmaster PC", lines[3]);
    }

    private static TestGuest Shell(FlashFile variables)
    {
        var guest = new TestGuest(Firmware(FirmwareConfig.Uefi), new MachineHost(NullLoggerFactory.Instance) { FirmwareVariables = variables });
        guest.Console.Expect("any other key to continue", TestGuest.Patience);
        guest.Console.SendLine("");
        guest.Console.Expect("Shell>", TestGuest.Patience);
        return guest;
    }

    private static void Type(TestGuest guest, string command, string answer)
    {
        guest.Console.SendLine(command);
        guest.Console.Expect(answer, TimeSpan.FromMinutes(1));
    }

    private static void SwitchOff(TestGuest guest)
    {
        guest.Console.SendLine("reset -s");
        Assert.IsType<RunOutcome.PoweredOff>(guest.WaitForEnd());
    }
}
