using System.Text;
using Ringmaster.Firmware.Acpi;

namespace Ringmaster.Firmware.Tests.Acpi;

/// <summary>The reference implementation's own tools read the tables.</summary>
public sealed class AcpiToolsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AcpiPlatform _platform = new(3)
    {
        MaxCpuCount = 4,
        SerialPorts = [new(new(0x3F8), 4), new(new(0x2F8), 3), new(new(0x3E8), 4), new(new(0x2E8), 3)],
        Power = new AcpiPowerPorts { PowerButtonEvent = 3 },
    };

    public void Dispose() => _folder.Dispose();

    [ToolFact("iasl")]
    public void The_DSDT_disassembles_and_compiles_again_to_the_same_code()
    {
        WriteTables();

        ExternalTool.Run(_folder.Path, [], "iasl", "-d", "DSDT.aml");
        var source = File.ReadAllText(_folder.File("DSDT.dsl"));
        var compiled = ExternalTool.Run(_folder.Path, [], "iasl", "-oa", "-p", "again", "DSDT.dsl");

        Assert.Contains("0 Errors, 0 Warnings", compiled, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_folder.File("DSDT.aml"))[36..], File.ReadAllBytes(_folder.File("again.aml"))[36..]);
        foreach (var device in new[] { "PNP0000", "PNP0100", "PNP0B00", "PNP0103", "PNP0303", "PNP0F13", "PNP0501", "PNP0C0C", "ACPI0007" })
            Assert.Contains(device, source, StringComparison.Ordinal);
        foreach (var part in new[] { "IRQNoFlags", "Memory32Fixed", "Notify (\\_SB.PWRB, 0x80)", "Device (COM4)", "Name (_S5" })
            Assert.Contains(part, source, StringComparison.Ordinal);
    }

    [ToolFact("iasl")]
    public void Hot_plug_disassembles_and_compiles_again_to_the_same_code()
    {
        WriteTables(WithHotPlug);

        ExternalTool.Run(_folder.Path, [], "iasl", "-d", "DSDT.aml");
        var source = File.ReadAllText(_folder.File("DSDT.dsl"));
        var compiled = ExternalTool.Run(_folder.Path, [], "iasl", "-oa", "-p", "again", "DSDT.dsl");

        Assert.Contains("0 Errors, 0 Warnings", compiled, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_folder.File("DSDT.aml"))[36..], File.ReadAllBytes(_folder.File("again.aml"))[36..]);
        foreach (var part in new[] { "Notify (\\_SB.PCI0.S1E, 0x03)", "B0EJ = 0x08", "Notify (\\_SB.C003", "Acquire (CPLK, 0xFFFF)", "Method (_E01", "PNP0700", "DMA (Compatibility, NotBusMaster, Transfer8" })
            Assert.Contains(part, source, StringComparison.Ordinal);
    }

    [ToolFact("acpiexec")]
    public void The_interpreter_evaluates_hot_plug()
    {
        WriteTables(WithHotPlug);

        string Evaluate(string path) => ExternalTool.Run(_folder.Path, [], "acpiexec", "-b", $"evaluate {path}", "DSDT.aml", "FACP.aml");

        Assert.Contains("[Integer] = 0000000000030000", Evaluate("\\_SB.PCI0.S03._ADR"), StringComparison.Ordinal);
        Assert.Contains("00 08 03 03 01 00 00 00", Evaluate("\\_SB.C003._MAT"), StringComparison.Ordinal);
        foreach (var method in new[] { "\\_GPE._E01", "\\_GPE._E02", "\\_SB.PCI0.S03._EJ0 1", "\\_SB.C003._STA" })
            Assert.DoesNotContain("AE_", Evaluate(method).Split("Evaluating ")[1], StringComparison.Ordinal);
    }

    [ToolFact("iasl")]
    public void The_data_tables_disassemble_without_complaint()
    {
        WriteTables();

        foreach (var table in new[] { "FACP", "APIC", "HPET", "FACS", "RSDT", "XSDT" })
        {
            var said = ExternalTool.Run(_folder.Path, [], "iasl", "-d", table + ".aml");
            var source = File.ReadAllText(_folder.File(table + ".dsl"));
            foreach (var complaint in new[] { "Invalid", "Unknown", "Incorrect", "Warning", "**** " })
                Assert.DoesNotContain(complaint, said + source, StringComparison.Ordinal);
        }
    }

    [ToolFact("acpiexec")]
    public void The_interpreter_evaluates_sleep_states_resources_and_status()
    {
        WriteTables();

        string Evaluate(string path) => ExternalTool.Run(_folder.Path, [], "acpiexec", "-b", $"evaluate {path}", "DSDT.aml", "FACP.aml");

        Assert.Contains("Contains 4 Elements", Evaluate("\\_S5_"), StringComparison.Ordinal);
        Assert.Contains("[Integer] = 0000000000000005", Evaluate("\\_S5_"), StringComparison.Ordinal);
        Assert.Contains("47 01 F8 03 F8 03 01 08", Evaluate("\\_SB.COM1._CRS"), StringComparison.Ordinal);
        Assert.Contains("[Integer] = 000000000000000F", Evaluate("\\_SB.C002._STA"), StringComparison.Ordinal);
        Assert.Contains("[Integer] = 0000000000000000", Evaluate("\\_SB.C003._STA"), StringComparison.Ordinal);
    }

    private AcpiPlatform WithHotPlug => _platform with
    {
        HasFloppies = true,
        CpuHotplug = new AcpiCpuHotplug(new(0xCD8), 2),
        Pci = new AcpiPci((_, pin) => 15 + pin, [])
        {
            Hotplug = new AcpiPciHotplug(new(0xAE00), [.. Enumerable.Range(3, 28)], 1),
        },
    };

    private void WriteTables(AcpiPlatform? platform = null)
    {
        var (tables, _) = AcpiTables.Build(platform ?? _platform).Place(new(0xE0040));
        for (var offset = 0; offset < tables.Length;)
        {
            var length = BitConverter.ToInt32(tables, offset + 4);
            File.WriteAllBytes(_folder.File(Encoding.ASCII.GetString(tables, offset, 4) + ".aml"), tables[offset..(offset + length)]);
            offset = (offset + length + 7) & ~7;
        }
    }
}
