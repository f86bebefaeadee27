using System.Text;
using Ringmaster.Firmware.Acpi;
using Ringmaster.Firmware.Mp;
using Ringmaster.Firmware.Tests.Images;

namespace Ringmaster.Firmware.Tests.Mp;

public sealed class MpTablesTests : IDisposable
{
    private const int PointerSize = 16, HeaderSize = 44;
    private static readonly MpProcessor Processor = new(0x0005_06E3, 0x0381);

    private readonly TestGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void The_pointer_leads_to_the_table_and_both_add_up_to_zero()
    {
        var (pointer, table) = Install(new AcpiPlatform(2));

        Assert.Equal("_MP_", Encoding.ASCII.GetString(pointer, 0, 4));
        Assert.Equal((1, 4, 0), (pointer[8], pointer[9], pointer[12] & 0x80));
        Assert.Equal("PCMP", Encoding.ASCII.GetString(table, 0, 4));
        Assert.Equal((0, 0), (Sum(pointer), Sum(table)));
        Assert.Equal(0xFEE0_0000u, BitConverter.ToUInt32(table, 36));
        Assert.True(MpTables.Area.Value is >= 0xF_0000 and < 0x10_0000 && MpTables.Area.Value % 16 == 0);
    }

    [Fact]
    public void The_first_processor_starts_the_machine_and_all_have_their_APIC_IDs()
    {
        var entries = Entries(new AcpiPlatform(3) { ApicIds = [0, 2, 4] }).Where(e => e[0] == 0).ToList();

        Assert.Equal([(0, 3), (2, 1), (4, 1)], entries.Select(e => ((int)e[1], (int)e[3])));
        Assert.All(entries, e => Assert.Equal((0x0005_06E3u, 0x0381u), (BitConverter.ToUInt32(e, 4), BitConverter.ToUInt32(e, 8))));
    }

    [Fact]
    public void Processors_with_wide_APIC_IDs_are_left_out()
    {
        var entries = Entries(new AcpiPlatform(3) { ApicIds = [0, 254, 255] }).Where(e => e[0] == 0);

        Assert.Equal([0, 254], entries.Select(e => (int)e[1]));
    }

    [Fact]
    public void Interrupts_of_PCI_take_their_inputs_from_ISA()
    {
        var entries = Entries(new AcpiPlatform(1) { Pci = new AcpiPci((device, _) => device % 2 == 0 ? 10 : 20, []) });

        Assert.Equal(["PCI   ", "ISA   "], entries.Where(e => e[0] == 1).Select(e => Encoding.ASCII.GetString(e, 2, 6)));
        var interrupts = entries.Where(e => e[0] == 3).ToList();
        Assert.Equal(31 * 4, interrupts.Count(e => e[4] == 0));
        Assert.Contains(interrupts, e => e[4] == 0 && e[5] == (3 << 2 | 1) && e[7] == 20);
        Assert.Equal([0, 1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15], interrupts.Where(e => e[4] == 1).Select(e => (int)e[5]));
        Assert.Equal(2, interrupts.Single(e => e[4] == 1 && e[5] == 0)[7]);
    }

    [Fact]
    public void All_local_APICs_take_the_PIC_and_NMI()
    {
        var local = Entries(new AcpiPlatform(1)).Where(e => e[0] == 4);

        Assert.Equal([(3, 0xFF, 0), (1, 0xFF, 1)], local.Select(e => ((int)e[1], (int)e[6], (int)e[7])));
    }

    private List<byte[]> Entries(AcpiPlatform platform)
    {
        var (_, table) = Install(platform);
        var entries = new List<byte[]>();
        for (var at = HeaderSize; at < table.Length;)
        {
            var length = table[at] == 0 ? 20 : 8;
            entries.Add(table[at..(at + length)]);
            at += length;
        }
        Assert.Equal(BitConverter.ToUInt16(table, 34), entries.Count);
        return entries;
    }

    private (byte[] Pointer, byte[] Table) Install(AcpiPlatform platform)
    {
        MpTables.Build(platform, Processor).Install(_guest.Memory);
        var pointer = _guest.Bytes(MpTables.Area.Value, PointerSize);
        var address = BitConverter.ToUInt32(pointer, 4);
        return (pointer, _guest.Bytes(address, BitConverter.ToUInt16(_guest.Bytes(address, HeaderSize), 4)));
    }

    private static int Sum(byte[] bytes) => bytes.Sum(b => b) & 0xFF;
}
