using System.Buffers.Binary;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Storage.Ahci;

/// <summary>The ATA commands, through a port.</summary>
public sealed class AhciDiskTests
{
    private const ulong Data = AhciDriver.Data;

    [Fact]
    public void Identify_tells_of_the_disk()
    {
        var driver = new AhciDriver().Start();

        Assert.Equal(0x50, driver.Do(new AhciCommand(0xEC), (Data, 512)));

        var page = driver.Bytes(Data, 512);
        Assert.Equal("SERIAL-2            ", Text(page, 10, 10));
        Assert.StartsWith("Ringmaster ATA disk", Text(page, 27, 20), StringComparison.Ordinal);
        Assert.Equal((64, 64), (Word(page, 60), Word(page, 100)));
        Assert.Equal((31, 0x106, 1, 1), (Word(page, 75), Word(page, 76), Word(page, 169), Word(page, 217)));
        Assert.Equal((0x7400, 0x4069), (Word(page, 83), Word(page, 82)));
        Assert.Equal((0xA5, 0), (page[510], page.Sum(value => value) & 0xFF));
    }

    [Theory]
    [InlineData(0x20, 0x40, 0)] // 28 bits
    [InlineData(0x24, 0x40, 0)]
    [InlineData(0x25, 0x40, 0)]
    [InlineData(0xC8, 0x40, 0)]
    [InlineData(0xC9, 0x40, 0)]
    [InlineData(0xC4, 0x40, 4)]
    [InlineData(0x29, 0x40, 4)]
    [InlineData(0x20, 0x00, 0)] // cylinder, head and sector
    public void All_reads_read(byte opcode, byte device, int multiple)
    {
        var driver = new AhciDriver().Start();
        new Random(6).NextBytes(driver.Disk.Content);
        Assert.Equal(0x50, driver.Do(new AhciCommand(0xC6, Count: multiple)));

        var status = driver.Do(new AhciCommand(opcode, device == 0 ? 8u : 7u, 5, Device: device), (Data, 2560));

        Assert.Equal(0x50, status);
        Assert.Equal(driver.Disk.Content.AsSpan(7 * 512, 2560).ToArray(), driver.Bytes(Data, 2560));
    }

    [Theory]
    [InlineData(0x30, 0, false)]
    [InlineData(0x34, 0, false)]
    [InlineData(0x35, 0, false)]
    [InlineData(0x3D, 0, true)]
    [InlineData(0xC5, 4, false)]
    [InlineData(0x39, 4, false)]
    [InlineData(0xCE, 4, true)]
    [InlineData(0xCA, 0, false)]
    public void All_writes_write_and_some_last(byte opcode, int multiple, bool lasts)
    {
        var driver = new AhciDriver().Start();
        var bytes = new byte[1024];
        new Random(7).NextBytes(bytes);
        driver.Store(Data, bytes);
        driver.Do(new AhciCommand(0xC6, Count: multiple));

        Assert.Equal(0x50, driver.Do(new AhciCommand(opcode, 3, 2), (Data, 1024)));

        Assert.Equal(bytes, driver.Disk.Content.AsSpan(3 * 512, 1024).ToArray());
        Assert.Equal(lasts, driver.Wiring.Log.Any(line => line.Contains("Flush", StringComparison.Ordinal)));
        Assert.Equal(1, driver.Frame(0x40)[1] >> 6);
    }

    [Fact]
    public void Without_a_cache_every_write_lasts()
    {
        var driver = new AhciDriver().Start();
        Assert.Equal(0x50, driver.Do(new AhciCommand(0xEF, Features: 0x82)));
        driver.Wiring.Log.Clear();

        driver.Do(new AhciCommand(0x35, 0, 1), (Data, 512));
        driver.Do(new AhciCommand(0xEF, Features: 0x02));
        driver.Do(new AhciCommand(0x35, 0, 1), (Data, 512));

        Assert.Equal(["Write", "Flush", "Write"], driver.Wiring.Log.Select(line => line.Split(' ')[2]));
    }

    [Fact]
    public void Ranges_are_discarded()
    {
        var driver = new AhciDriver().Start();
        driver.Store(Data, [.. BitConverter.GetBytes(4ul | 2ul << 48), .. new byte[496], .. BitConverter.GetBytes(60ul | 4ul << 48)]);

        Assert.Equal(0x50, driver.Do(new AhciCommand(0x06, Count: 1, Features: 1), (Data, 512)));
        Assert.Equal(0x51, driver.Do(new AhciCommand(0x06, Count: 2, Features: 0), (Data, 1024)));
        driver.Restart();
        driver.Store(Data + 8, BitConverter.GetBytes(60ul | 5ul << 48));
        Assert.Equal((0x51, 0x10u), (driver.Do(new AhciCommand(0x06, Count: 1, Features: 1), (Data, 512)), driver.TaskFile >> 8));

        Assert.Equal(["Discard 2048+1024", "Discard 30720+2048"], driver.Wiring.Log.Select(line => line.Split("disk ")[1].Split(':')[0]));
    }

    [Fact]
    public void Sizes_and_power_are_told_in_registers()
    {
        var driver = new AhciDriver().Start();

        driver.Do(new AhciCommand(0xF8));
        Assert.Equal((63, 0), (driver.Frame(0x40)[4], driver.Frame(0x40)[5]));
        driver.Do(new AhciCommand(0x27));
        Assert.Equal(63, driver.Frame(0x40)[4]);
        driver.Do(new AhciCommand(0xE5));
        Assert.Equal(0xFF, driver.Frame(0x40)[12]);
        Assert.Equal(0x50, driver.Do(new AhciCommand(0xE0)));
        Assert.Contains("Flush", driver.Wiring.Log[^1], StringComparison.Ordinal);
        driver.Do(new AhciCommand(0xE5));
        Assert.Equal(0x00, driver.Frame(0x40)[12]);
        driver.Do(new AhciCommand(0x90));
        Assert.Equal((0x50, 1), (driver.Frame(0x40)[2], driver.Frame(0x40)[3]));
    }

    [Fact]
    public void Smart_says_that_all_is_well_while_it_is_enabled()
    {
        var driver = new AhciDriver().Start();

        Assert.Equal(0x50, driver.Do(new AhciCommand(0xB0, 0xC24F00, 1, 0xDA)));
        Assert.Equal((0x4F, 0xC2), (driver.Frame(0x40)[5], driver.Frame(0x40)[6]));
        Assert.Equal(0x50, driver.Do(new AhciCommand(0xB0, 0xC24F00, 1, 0xD0), (Data, 512)));
        Assert.Equal(0, driver.Bytes(Data, 512).Sum(value => value) & 0xFF);
        Assert.Equal(0x50, driver.Do(new AhciCommand(0xB0, 0xC24F00, 1, 0xD9)));
        Assert.Equal(0x51, driver.Do(new AhciCommand(0xB0, 0xC24F00, 1, 0xDA)));
    }

    [Theory]
    [InlineData(0x46, 0x50, 0x407F, 0x0007)] // ultra DMA 6
    [InlineData(0x42, 0x50, 0x047F, 0x0007)]
    [InlineData(0x47, 0x51, 0x407F, 0x0007)]
    [InlineData(0x22, 0x50, 0x007F, 0x0407)] // multiword DMA 2
    [InlineData(0x23, 0x51, 0x407F, 0x0007)]
    [InlineData(0x0C, 0x50, 0x407F, 0x0007)] // PIO 4
    [InlineData(0xF8, 0x51, 0x407F, 0x0007)]
    public void Transfer_modes_are_those_that_identify_tells(int mode, int status, int ultra, int multiword)
    {
        var driver = new AhciDriver().Start();

        Assert.Equal(status, driver.Do(new AhciCommand(0xEF, Count: mode, Features: 3)));

        driver.Restart();
        driver.Do(new AhciCommand(0xEC), (Data, 512));
        var page = driver.Bytes(Data, 512);
        Assert.Equal((ultra, multiword), (Word(page, 88), Word(page, 63)));
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xA0)]
    [InlineData(0xA1)]
    [InlineData(0xC4)] // no multiple count set
    [InlineData(0xF5)]
    [InlineData(0xFF)]
    public void What_a_disk_does_not_do_is_aborted(byte opcode)
    {
        var driver = new AhciDriver().Start();

        Assert.Equal((0x51, 0x04u), (driver.Do(new AhciCommand(opcode, 0, 1), (Data, 512)), driver.TaskFile >> 8));
    }

    [Theory]
    [InlineData(0x25, BlockStatus.Failed, 0x40u)]
    [InlineData(0x35, BlockStatus.Failed, 0x04u)]
    [InlineData(0x35, BlockStatus.NoSpace, 0x04u)]
    [InlineData(0xEA, BlockStatus.Failed, 0x04u)]
    [InlineData(0x25, BlockStatus.OutOfRange, 0x10u)]
    public void Failures_of_the_disk_are_told(byte opcode, BlockStatus outcome, uint error)
    {
        var driver = new AhciDriver().Start();
        driver.Disk.Outcome = outcome;

        Assert.Equal((0x51, error), (driver.Do(new AhciCommand(opcode, 9, 1), (Data, 512)), driver.TaskFile >> 8));
        Assert.Equal(opcode == 0xEA ? 0 : 9, driver.Frame(0x40)[4]);
    }

    [Fact]
    public void A_disk_that_cannot_be_written_aborts_writes()
    {
        var wiring = new TestWiring();
        wiring.Disk.IsReadOnly = true;
        var driver = new AhciDriver(wiring).Start();

        Assert.Equal((0x51, 0x04u), (driver.Do(new AhciCommand(0x35, 0, 1), (Data, 512)), driver.TaskFile >> 8));
        Assert.Empty(wiring.Log);
    }

    [Theory]
    [InlineData(0x25, 63ul, 2, 0x40)]
    [InlineData(0x25, 0xFFFF_FFFF_FFFFul, 1, 0x40)]
    [InlineData(0x25, 0ul, 0, 0x40)] // 65536 sectors
    [InlineData(0x20, 0ul, 0, 0x40)] // 256
    [InlineData(0x20, 0ul, 1, 0x00)] // sector 0
    [InlineData(0x42, 64ul, 1, 0x40)]
    public void Sectors_that_there_are_not_are_not_found(byte opcode, ulong lba, int count, byte device)
    {
        var driver = new AhciDriver().Start();

        Assert.Equal((0x51, 0x10u), (driver.Do(new AhciCommand(opcode, lba, count, Device: device), (Data, 1024)), driver.TaskFile >> 8));
    }

    private static ushort Word(byte[] page, int word) => BinaryPrimitives.ReadUInt16LittleEndian(page.AsSpan(2 * word));

    private static string Text(byte[] page, int word, int count) =>
        string.Concat(Enumerable.Range(0, count).SelectMany(i => new[] { (char)page[2 * (word + i) + 1], (char)page[2 * (word + i)] }));
}
