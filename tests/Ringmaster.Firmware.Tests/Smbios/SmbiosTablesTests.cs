using System.Text;
using Ringmaster.Firmware.Smbios;
using Ringmaster.Firmware.Tests.Images;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Tests.Smbios;

public sealed class SmbiosTablesTests : IDisposable
{
    private static readonly SmbiosPlatform Platform = new(6, [new(new(0), 0xA0000), new(new(0xC0000), 0xBFF4_0000), new(new(0x1_0000_0000), 1ul << 30)])
    {
        SerialNumber = "RM-0001",
        Uuid = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
        Sockets = 2,
    };

    private readonly TestGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Both_entry_points_lead_to_the_structures()
    {
        var entry = SmbiosTables.Build(Platform).Install(_guest.Memory).Value;

        var entry64 = _guest.Bytes(entry, 24);
        var entry32 = _guest.Bytes(entry + 32, 31);
        Assert.Equal(("_SM3_", "_SM_", "_DMI_"),
            (Encoding.ASCII.GetString(entry64, 0, 5), Encoding.ASCII.GetString(entry32, 0, 4), Encoding.ASCII.GetString(entry32, 16, 5)));
        Assert.Equal((0, 0, 0), (Sum(entry64), Sum(entry32), Sum(entry32[16..])));
        Assert.Equal(BitConverter.ToUInt64(entry64, 16), BitConverter.ToUInt32(entry32, 24));
        Assert.Equal(0ul, entry % 16);
    }

    [Fact]
    public void All_structures_are_there_and_the_last_ends_the_table()
    {
        var tables = SmbiosTables.Build(Platform).Structures;

        var types = new List<int>();
        var offset = 0;
        while (offset < tables.Length)
        {
            types.Add(tables[offset]);
            offset += tables[offset + 1];
            while (tables[offset] != 0 || tables[offset + 1] != 0)
                offset++;
            offset += 2;
        }
        Assert.Equal([0, 1, 2, 3, 4, 4, 16, 17, 19, 19, 32, 127], types);
        Assert.Equal(tables.Length, offset);
    }

    [Fact]
    public void Characters_that_would_end_a_string_are_left_out()
    {
        var tables = SmbiosTables.Build(Platform with { Product = "A\0B\nC" }).Structures;

        Assert.Contains("ABC", Encoding.ASCII.GetString(tables), StringComparison.Ordinal);
    }

    [ToolFact("dmidecode")]
    public void Dmidecode_reads_what_was_written()
    {
        using var folder = new TemporaryFolder();
        // A dump is the entry point at 0 and the table at 32.
        var tables = SmbiosTables.Build(Platform);
        File.WriteAllBytes(folder.File("dump"), [.. tables.Entry64(new GuestPhysicalAddress(32)), .. new byte[8], .. tables.Structures]);

        var said = ExternalTool.Run(folder.Path, [], "dmidecode", "--from-dump", "dump");

        foreach (var line in new[]
        {
            "SMBIOS 3.0.0 present", "Manufacturer: Ringmaster", "Product Name: Ringmaster PC", "Serial Number: RM-0001",
            "UUID: 00112233-4455-6677-8899-aabbccddeeff", "System is a virtual machine", "Maximum Capacity: 4 GB", "Core Count: 3", "Socket Designation: CPU 1",
            "Size: 4 GB", "Starting Address: 0x00100000000", "End Of Table",
        })
        {
            Assert.True(said.Contains(line, StringComparison.Ordinal), $"\"{line}\" is not in: {said}");
        }
        foreach (var complaint in new[] { "TRUNCATED", "Wrong", "BAD", "OUT OF SPEC", "Invalid" })
            Assert.DoesNotContain(complaint, said, StringComparison.OrdinalIgnoreCase);
    }

    private static byte Sum(byte[] bytes) => bytes.Aggregate((byte)0, (sum, value) => unchecked((byte)(sum + value)));
}
