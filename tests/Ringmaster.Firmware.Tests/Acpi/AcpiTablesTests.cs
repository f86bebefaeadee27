using System.Text;
using Ringmaster.Firmware.Acpi;
using Ringmaster.Firmware.Tests.Images;

namespace Ringmaster.Firmware.Tests.Acpi;

public sealed class AcpiTablesTests : IDisposable
{
    private readonly TestGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void The_RSDP_leads_to_every_table_and_all_checksums_hold()
    {
        var rsdp = AcpiTables.Build(new AcpiPlatform(4)).Install(_guest.Memory).Value;

        Assert.Equal("RSD PTR ", Encoding.ASCII.GetString(_guest.Bytes(rsdp, 8)));
        Assert.Equal(0, Sum(_guest.Bytes(rsdp, 20)));
        Assert.Equal(0, Sum(_guest.Bytes(rsdp, 36)));
        var xsdt = Table(_guest.U64(rsdp + 24));
        var rsdt = Table(_guest.U32(rsdp + 16));
        var roots = Enumerable.Range(0, 3).Select(i => BitConverter.ToUInt64(xsdt, 36 + i * 8)).ToArray();
        Assert.Equal(["FACP", "APIC", "HPET"], roots.Select(a => Signature(Table(a))));
        Assert.Equal(roots, Enumerable.Range(0, 3).Select(i => (ulong)BitConverter.ToUInt32(rsdt, 36 + i * 4)));
        var fadt = Table(roots[0]);
        Assert.Equal(276, fadt.Length);
        Assert.Equal("DSDT", Signature(Table(BitConverter.ToUInt32(fadt, 40))));
        Assert.Equal(BitConverter.ToUInt32(fadt, 40), BitConverter.ToUInt64(fadt, 140));
        var facs = BitConverter.ToUInt32(fadt, 36);
        Assert.Equal(("FACS", 0u), (Encoding.ASCII.GetString(_guest.Bytes(facs, 4)), facs % 64));
    }

    [Fact]
    public void The_FADT_says_where_the_hardware_is()
    {
        var fadt = Fadt(new AcpiPlatform(1));

        Assert.Equal(9, BitConverter.ToUInt16(fadt, 46));
        Assert.Equal((0xB2u, (byte)0xF1, (byte)0xF0), (BitConverter.ToUInt32(fadt, 48), fadt[52], fadt[53]));
        Assert.Equal((0x600u, 0x604u, 0x608u, 0x620u),
            (BitConverter.ToUInt32(fadt, 56), BitConverter.ToUInt32(fadt, 64), BitConverter.ToUInt32(fadt, 76), BitConverter.ToUInt32(fadt, 80)));
        Assert.Equal([4, 2, 0, 4, 4], fadt[88..93]);
        Assert.Equal(0b111, BitConverter.ToUInt16(fadt, 109));
        Assert.Equal([1, 8, 0, 1, 0xF9, 0x0C, 0, 0, 0, 0, 0, 0, 6], fadt[116..129]);
        Assert.Equal([1, 32, 0, 2, 0x00, 0x06], fadt[148..154]);
        Assert.Equal([1, 16, 0, 2, 0x04, 0x06], fadt[172..178]);
        Assert.Equal([1, 32, 0, 3, 0x08, 0x06], fadt[208..214]);
        Assert.Equal([1, 32, 0, 1, 0x20, 0x06], fadt[220..226]);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(3, true)]
    public void The_power_button_is_fixed_hardware_unless_an_event_is_given(int? number, bool isDevice)
    {
        var fadt = Fadt(new AcpiPlatform(1) { Power = new AcpiPowerPorts { PowerButtonEvent = number } });

        Assert.Equal(isDevice, (BitConverter.ToUInt32(fadt, 112) & 1 << 4) != 0);
    }

    [Fact]
    public void The_MADT_lists_CPUs_the_IO_APIC_overrides_and_the_NMI()
    {
        var entries = MadtEntries(new AcpiPlatform(2) { MaxCpuCount = 3, IoApicId = 2 });

        Assert.Equal(
            [
                "0008000001000000",
                "0008010101000000",
                "0008020202000000",
                "010C02000000C0FE00000000",
                "020A0000020000000000",
                "020A0009090000000D00",
                "0406FF000001",
            ],
            entries);
    }

    [Fact]
    public void APIC_IDs_may_have_gaps()
    {
        var entries = MadtEntries(new AcpiPlatform(3) { ApicIds = [0, 4, 300] });

        Assert.Equal(["0008000001000000", "0008010401000000", "091000002C0100000100000002000000"], entries.Take(3));
        Assert.Equal("0A0C0000FFFFFFFF01000000", entries[^1]);
    }

    [Fact]
    public void CPUs_from_255_on_are_x2APICs()
    {
        var entries = MadtEntries(new AcpiPlatform(257));

        Assert.Equal("0008FEFE01000000", entries[254]);
        Assert.Equal("09100000FF00000001000000FF000000", entries[255]);
        Assert.Equal("09100000000100000100000000010000", entries[256]);
        Assert.Equal("0A0C0000FFFFFFFF01000000", entries[^1]);
    }

    [Fact]
    public void Tables_for_254_CPUs_fit_into_the_BIOS_area()
    {
        var rsdp = AcpiTables.Build(new AcpiPlatform(254)).Install(_guest.Memory);

        Assert.Equal(0xE0000ul, rsdp.Value);
    }

    [Fact]
    public void A_machine_without_HPET_has_no_HPET_table()
    {
        var rsdp = AcpiTables.Build(new AcpiPlatform(1) { Hpet = null }).Install(_guest.Memory).Value;

        Assert.Equal(36 + 2 * 8, Table(_guest.U64(rsdp + 24)).Length);
    }

    [Fact]
    public void The_MCFG_has_no_more_buses_than_there_are()
    {
        var platform = new AcpiPlatform(1) { Hpet = null, Pci = new AcpiPci((_, pin) => 15 + pin, []) { Ecam = new(0xB000_0000) } };

        var rsdp = AcpiTables.Build(platform).Install(_guest.Memory).Value;

        var mcfg = Table(BitConverter.ToUInt64(Table(_guest.U64(rsdp + 24)), 52));
        Assert.Equal("MCFG", Signature(mcfg));
        Assert.Equal("000000B00000000000000000" + "00000000", Convert.ToHexString(mcfg, 44, 16));
    }

    private byte[] Fadt(AcpiPlatform platform)
    {
        var rsdp = AcpiTables.Build(platform).Install(_guest.Memory).Value;
        return Table(BitConverter.ToUInt64(Table(_guest.U64(rsdp + 24)), 36));
    }

    private List<string> MadtEntries(AcpiPlatform platform)
    {
        var rsdp = AcpiTables.Build(platform).Install(_guest.Memory).Value;
        var madt = Table(BitConverter.ToUInt64(Table(_guest.U64(rsdp + 24)), 44));
        Assert.Equal((0xFEE0_0000u, 1u), (BitConverter.ToUInt32(madt, 36), BitConverter.ToUInt32(madt, 40)));
        var entries = new List<string>();
        for (var offset = 44; offset < madt.Length; offset += madt[offset + 1])
            entries.Add(Convert.ToHexString(madt, offset, madt[offset + 1]));
        return entries;
    }

    private byte[] Table(ulong address)
    {
        var table = _guest.Bytes(address, (int)_guest.U32(address + 4));
        Assert.Equal(0, Sum(table));
        return table;
    }

    private static string Signature(byte[] table) => Encoding.ASCII.GetString(table, 0, 4);

    private static byte Sum(byte[] bytes) => bytes.Aggregate((byte)0, (sum, value) => unchecked((byte)(sum + value)));
}
