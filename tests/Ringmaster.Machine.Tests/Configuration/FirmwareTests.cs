using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Machine.Tests.Configuration;

public sealed class FirmwareTests
{
    private static readonly DiskConfig s_disk = new("/disk"), s_disc = new("/disc") { Interface = DiskInterface.CdRom };

    [Fact]
    public void Firmware_is_named_or_a_file()
    {
        Assert.Equal(FirmwareConfig.Bios, Read(("firmware", "bios")).Options.Firmware);
        Assert.Equal(FirmwareConfig.Uefi, Read(("firmware", "uefi")).Options.Firmware);
        Assert.Equal(FirmwareConfig.Uefi with { VariablesFile = "/base/my.fd" }, Read(("firmware", "uefi,vars=my.fd")).Options.Firmware);
        Assert.Equal(new FirmwareConfig("/dev/null"), Read(("firmware", "/dev/null")).Options.Firmware);
    }

    [Theory]
    [InlineData("boot.fd", "Or choose bios, uefi or none.")]
    [InlineData("uefi,var=x", "Did you mean \"vars\"?")]
    [InlineData("uefi,vars=", "Write vars=PATH once.")]
    [InlineData("uefi,vars=a,vars=b", "Write vars=PATH once.")]
    [InlineData("uefi,vars=/", "is a directory")]
    [InlineData("bios,vars=x", "keeps no variables")]
    [InlineData("none,vars=x", "keeps no variables")]
    [InlineData("/dev/null,vars=/no/such/file", "There is no file /no/such/file.")]
    public void What_is_wrong_with_firmware_is_said(string text, string message) => AssertWrong("firmware", text, message);

    [Fact]
    public void Disks_or_a_boot_order_without_a_kernel_start_the_BIOS()
    {
        Assert.Null(new MachineOptions().Complete(null).Firmware);
        Assert.Equal(FirmwareConfig.Bios, new MachineOptions { Disks = [s_disk] }.Complete(null).Firmware);
        Assert.Equal(FirmwareConfig.Bios, new MachineOptions { Boot = new BootConfig(["net"]) }.Complete(null).Firmware);
        Assert.Null(new MachineOptions { Disks = [s_disk], Kernel = "/k" }.Complete(null).Firmware);
        Assert.Null(new MachineOptions { Disks = [s_disk], Firmware = FirmwareConfig.None }.Complete("/k").Firmware);
        Assert.Equal(FirmwareConfig.Uefi, new MachineOptions { Disks = [s_disk], Kernel = "/k", Firmware = FirmwareConfig.Uefi }.Complete(null).Firmware);
    }

    [Fact]
    public void Firmware_that_is_not_installed_says_which_package_has_it()
    {
        var missing = new FirmwareConfig("/no/such/bios.bin") { Package = "some-bios" };

        var problem = new MachineOptions { Firmware = missing }.Conflicts().Single(c => c.Path == "firmware").Message;

        Assert.Contains("Install the package some-bios", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_boot_order_is_read_with_its_menu()
    {
        var boot = Read(("boot", "net0, cdrom,disk12,menu=7")).Options.Boot!;

        Assert.Equal(["net0", "cdrom", "disk12"], boot.Order);
        Assert.Equal(TimeSpan.FromSeconds(7), boot.Menu);
        Assert.Equal(TimeSpan.FromSeconds(5), Read(("boot", "menu")).Options.Boot!.Menu);
        Assert.Null(Read(("boot", "floppy")).Options.Boot!.Menu);
    }

    [Theory]
    [InlineData("", "There is nothing \"\" to boot from.")]
    [InlineData("disk=1", "There is nothing \"disk=1\"")]
    [InlineData("menu=0", "no time for the boot menu")]
    [InlineData("menu=soon", "no time for the boot menu")]
    public void What_is_wrong_with_a_boot_order_is_said(string text, string message) => AssertWrong("boot", text, message);

    [Theory]
    [InlineData("net", "no net.")]
    [InlineData("net0", "add --net.")]
    [InlineData("floppy", "add --floppy.")]
    [InlineData("dsk", "Did you mean \"disk\"? It can boot from disk, cdrom, disk0, disk1.")]
    [InlineData("disk1234", "The machine has no disk1234.")]
    [InlineData("net00", "The machine has no net00.")]
    [InlineData("disk2", "no disk2. Leave it out, or add --disk.")]
    [InlineData("disk,disk", "is in the order twice")]
    public void Devices_that_the_machine_does_not_have_are_told(string order, string message)
    {
        var options = new MachineOptions { Disks = [s_disk, s_disc], Networks = [], Boot = new BootConfig(order.Split(',')) };

        Assert.Contains(message, options.Conflicts().Single(c => c.Path == "boot").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_that_is_started_directly_has_no_boot_order()
    {
        var options = new MachineOptions { Firmware = FirmwareConfig.None, Boot = new BootConfig([]) };

        Assert.Contains("a kernel is started directly", options.Conflicts().Single(c => c.Path == "boot").Message, StringComparison.Ordinal);
    }

    private static void AssertWrong(string key, string text, string message)
    {
        var error = Assert.Single(Read((key, text)).Errors);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static OptionSet Read(params (string Key, string Value)[] options)
    {
        var set = new OptionSet(new OptionText("/base"));
        foreach (var (key, value) in options)
            set.Set(key, value, key);
        return set;
    }
}
