using System.Text;
using Ringmaster.Firmware.Acpi;
using Ringmaster.Firmware.Boot;
using Ringmaster.Firmware.FwCfg;
using Ringmaster.Firmware.Smbios;
using Ringmaster.Firmware.Tests.Images;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Tests.FwCfg;

public sealed class FwCfgContentTests
{
    private static readonly RamRange[] Ram = [new(new(0), 0xA0000), new(new(0xC0000), 0xF4_0000)];

    [Fact]
    public void A_firmware_that_runs_the_linker_script_gets_the_tables_that_a_direct_boot_gets()
    {
        var acpi = AcpiTables.Build(new AcpiPlatform(2));
        var content = FwCfgContent.Build(new FwCfgPlatform(Ram, 2) { Acpi = acpi });
        var files = content.Files.ToDictionary(f => f.Name, f => f.Content.ToArray());

        var addresses = RunScript(files, new() { ["etc/acpi/tables"] = 0x00FE_0000, ["etc/acpi/rsdp"] = 0xF5000 });

        var (tables, rsdp) = acpi.Place(new(addresses["etc/acpi/tables"]));
        Assert.Equal(tables, files["etc/acpi/tables"]);
        Assert.Equal(rsdp, files["etc/acpi/rsdp"]);
    }

    [Fact]
    public void The_memory_map_shows_RAM_in_whole_and_what_is_reserved()
    {
        var content = FwCfgContent.Build(new FwCfgPlatform(Ram, 1) { Reserved = [new(new(0xFEFF_C000), 0x4000, MemoryMapType.Reserved)] });

        var e820 = content.Files.Single(f => f.Name == "etc/e820").Content;
        Assert.Equal("0000000000000000" + "0000000100000000" + "01000000" + "00C0FFFE00000000" + "0040000000000000" + "02000000", Convert.ToHexString(e820));
    }

    [Fact]
    public void SMBIOS_and_boot_order_are_there_if_given_and_not_otherwise()
    {
        var bare = FwCfgContent.Build(new FwCfgPlatform(Ram, 1));
        var full = FwCfgContent.Build(new FwCfgPlatform(Ram, 1) { Smbios = SmbiosTables.Build(new SmbiosPlatform(1, Ram)), BootOrder = ["/a", "/b"] });

        Assert.Equal(["etc/e820"], bare.Files.Select(f => f.Name));
        Assert.Equal(["etc/e820", "etc/smbios/smbios-anchor", "etc/smbios/smbios-tables", "bootorder"], full.Files.Select(f => f.Name));
        Assert.Equal("_SM_", Encoding.ASCII.GetString(full.Files[1].Content, 0, 4));
        Assert.Equal("/a\n/b\0", Encoding.ASCII.GetString(full.Files[3].Content));
    }

    [Fact]
    public void Numeric_items_carry_RAM_CPUs_and_a_kernel_in_two_parts()
    {
        var image = new LinuxImage().ToArray();
        var content = FwCfgContent.Build(new FwCfgPlatform(Ram, 2)
        {
            MaxCpuCount = 8,
            Kernel = new BootRequest(image) { CommandLine = "quiet", Modules = [new("i", new byte[] { 1, 2, 3 })] },
        });

        var items = content.Items.ToDictionary(i => i.Key, i => i.Content);
        Assert.Equal(0x100_0000ul, BitConverter.ToUInt64(items[FwCfgKey.RamSize]));
        Assert.Equal((2, 8), (BitConverter.ToUInt16(items[FwCfgKey.CpuCount]), BitConverter.ToUInt16(items[FwCfgKey.MaxCpuCount])));
        Assert.Equal(image[LinuxImage.SetupSize..], items[FwCfgKey.KernelData]);
        Assert.Equal((uint)(image.Length - LinuxImage.SetupSize), BitConverter.ToUInt32(items[FwCfgKey.KernelSize]));
        Assert.Equal("quiet\0"u8.ToArray(), items[FwCfgKey.CommandLineData]);
        Assert.Equal([1, 2, 3], items[FwCfgKey.InitrdData]);
        var initrd = BitConverter.ToUInt32(items[FwCfgKey.InitrdAddress]);
        Assert.Equal(0xFD_F000u, initrd);
        Assert.Equal(LinuxImage.SetupSize, items[FwCfgKey.SetupData].Length);
        Assert.Equal(initrd, BitConverter.ToUInt32(items[FwCfgKey.SetupData], 0x218));
        Assert.Equal(BitConverter.ToUInt32(items[FwCfgKey.CommandLineAddress]), BitConverter.ToUInt32(items[FwCfgKey.SetupData], 0x228));
    }

    [Fact]
    public void A_kernel_that_firmware_cannot_start_is_refused()
    {
        var platform = new FwCfgPlatform(Ram, 1) { Kernel = new BootRequest(new ElfFile().ToArray()) };

        Assert.Contains("bzImage", Assert.Throws<KernelLoadException>(() => FwCfgContent.Build(platform)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_firmware_boots_from_is_told_by_files()
    {
        var content = FwCfgContent.Build(new FwCfgPlatform(Ram, 1)
        {
            BootMenu = TimeSpan.FromSeconds(7),
            SerialConsole = new IoPort(0x3F8),
            OptionRoms = [("starter.bin", new byte[] { 0x55, 0xAA })],
            BootOrder = [FwCfgContent.OptionRomPath("starter.bin"), "/second"],
        });

        var files = content.Files.ToDictionary(f => f.Name, f => f.Content);
        Assert.Equal(7000, BitConverter.ToUInt16(files["etc/boot-menu-wait"]));
        Assert.Equal(1, BitConverter.ToUInt16(content.Items.Single(i => i.Key == FwCfgKey.BootMenu).Content));
        Assert.Equal(0x3F8, BitConverter.ToUInt16(files["etc/sercon-port"]));
        Assert.Equal([0x55, 0xAA], files["genroms/starter.bin"]);
        Assert.Equal("/rom@genroms/starter.bin\n/second\0", Encoding.ASCII.GetString(files["bootorder"]));
    }

    /// <summary>What a firmware does with etc/table-loader, written from the record layout alone.</summary>
    private static Dictionary<string, uint> RunScript(Dictionary<string, byte[]> files, Dictionary<string, uint> places)
    {
        var script = files["etc/table-loader"];
        Assert.Equal(0, script.Length % 128);
        var allocated = new Dictionary<string, uint>();
        foreach (var record in script.Chunk(128))
        {
            var file = Name(record, 4);
            switch (BitConverter.ToUInt32(record))
            {
                case 1:
                    Assert.Equal(0u, places[file] % BitConverter.ToUInt32(record, 60));
                    Assert.Equal(file.EndsWith("rsdp", StringComparison.Ordinal) ? 2 : 1, record[64]);
                    allocated.Add(file, places[file]);
                    break;
                case 2:
                    var field = files[file].AsSpan(BitConverter.ToInt32(record, 116), record[120]);
                    for (int i = 0, carry = 0; i < field.Length; i++)
                    {
                        carry += field[i] + (byte)((ulong)allocated[Name(record, 60)] >> 8 * i);
                        field[i] = (byte)carry;
                        carry >>= 8;
                    }
                    break;
                case 3:
                    var sum = files[file].AsSpan(BitConverter.ToInt32(record, 64), BitConverter.ToInt32(record, 68)).ToArray().Sum(b => b);
                    files[file][BitConverter.ToInt32(record, 60)] -= (byte)sum;
                    break;
                default:
                    Assert.Fail("unknown command");
                    break;
            }
        }
        return allocated;
    }

    private static string Name(byte[] record, int offset) => Encoding.ASCII.GetString(record, offset, 56).TrimEnd('\0');
}
