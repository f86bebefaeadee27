using System.Buffers.Binary;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Devices.Tests.Contract;
using static Ringmaster.Devices.Tests.Storage.IdeHost;

namespace Ringmaster.Devices.Tests.Storage;

public sealed class AtaDiskTests
{
    private const int Sectors = 400, Aborted = 0x04, NotFound = 0x10, Uncorrectable = 0x40;

    private readonly TestWiring _wiring = new();
    private readonly DrainingDisk _disk;
    private readonly IdeHost _host;

    public AtaDiskTests()
    {
        _wiring.Disk.Content = Pattern(Sectors * 512);
        _disk = new DrainingDisk(_wiring.Disk);
        _host = new IdeHost(new AtaDisk(_disk, new AtaModel("SN1", "Some disk", "1.0")), wiring: _wiring);
    }

    private byte[] Content => _wiring.Disk.Content;

    [Fact]
    public void IDENTIFY_DEVICE_describes_the_disk()
    {
        _host.Give(0xEC);

        Assert.Equal(WithData, _host.TakeInterrupt());
        var words = Words(_host.ReadBlock(512));
        Assert.Equal(Idle, _host[Status]);
        Assert.False(_host.HasInterrupt);
        Assert.Equal(0x0040, words[0]);
        Assert.Equal((1, 6, 63), (words[1], words[3], words[6]));
        Assert.Equal("SN1", Text(words, 10, 10));
        Assert.Equal("1.0", Text(words, 23, 4));
        Assert.Equal("Some disk", Text(words, 27, 20));
        Assert.Equal(Sectors, words[60] | words[61] << 16);
        Assert.Equal(Sectors, words[100] | words[101] << 16);
        Assert.Equal(0x0407, words[63]);
        Assert.Equal(0x003F, words[88]);
        Assert.Equal(0x0100, words[49] & 0x0100);
        Assert.Equal(0x7400, words[83]);
        Assert.Equal(1, words[169]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void READ_SECTORS_gives_a_sector_an_interrupt(int width)
    {
        _host.Give(0x20, block: 7, count: 3);
        Assert.Equal(Busy, _host[Alternate] & Busy);
        Assert.False(_host.HasInterrupt);
        _disk.CompleteSome();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(WithData, _host.TakeInterrupt());
            Assert.Equal(At((7 + i) * 512, 512), _host.ReadBlock(512, width));
        }

        Assert.False(_host.HasInterrupt);
        Assert.Equal(Idle, _host[Status]);
        Assert.Equal(0u, _host.MasterStatus & 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void WRITE_SECTORS_interrupts_for_all_sectors_but_the_first_and_at_the_end(int width)
    {
        var data = Pattern(3 * 512, seed: 2);
        _host.Give(0x30, block: 9, count: 3);
        Assert.False(_host.HasInterrupt);
        Assert.Equal(WithData, _host[Status]);
        for (var i = 0; i < 3; i++)
        {
            if (i > 0)
                Assert.Equal(WithData, _host.TakeInterrupt());
            _host.WriteBlock(data.AsSpan(i * 512, 512), width);
        }
        Assert.Equal(Busy, _host[Alternate]);
        Assert.False(_host.HasInterrupt);

        _disk.CompleteSome();

        Assert.Equal(Idle, _host.TakeInterrupt());
        Assert.Equal(data, At(9 * 512, data.Length));
    }

    [Fact]
    public void Transfers_longer_than_the_buffer_go_on()
    {
        var data = Pattern(256 * 512, seed: 3);
        _host.Give(0x30, block: 100, count: 0);
        for (var i = 0; i < 256; i++)
        {
            _disk.CompleteSome();
            _host.WriteBlock(data.AsSpan(i * 512, 512), 4);
        }
        _disk.CompleteSome();
        Assert.Equal(Idle, _host.TakeInterrupt());

        _host.GiveLong(0x24, block: 100, count: 256);
        for (var i = 0; i < 256; i++)
        {
            _disk.CompleteSome();
            Assert.Equal(data[(i * 512)..((i + 1) * 512)], _host.ReadBlock(512, 4));
        }

        Assert.Equal(Idle, _host[Alternate]);
    }

    [Fact]
    public void READ_and_WRITE_MULTIPLE_move_blocks_of_as_many_sectors_as_are_set()
    {
        _host.Give(0xC4, block: 0, count: 4);
        Assert.Equal(WithError, _host.TakeInterrupt());
        Assert.Equal(Aborted, _host[Error]);
        _host.Give(0xC6, count: 3);
        Assert.Equal(WithError, _host.TakeInterrupt());
        _host.Give(0xC6, count: 4);
        Assert.Equal(Idle, _host.TakeInterrupt());

        _host.Give(0xC4, block: 1, count: 6);
        _disk.CompleteSome();
        Assert.Equal(WithData, _host.TakeInterrupt());
        Assert.Equal(At(512, 4 * 512), _host.ReadBlock(4 * 512));
        Assert.Equal(WithData, _host.TakeInterrupt());
        Assert.Equal(At(5 * 512, 2 * 512), _host.ReadBlock(2 * 512));
        Assert.Equal(Idle, _host[Status]);
        var data = Pattern(5 * 512, seed: 4);
        _host.GiveLong(0x39, block: 20, count: 5);
        _host.WriteBlock(data.AsSpan(0, 4 * 512));
        Assert.Equal(WithData, _host.TakeInterrupt());
        _host.WriteBlock(data.AsSpan(4 * 512));
        _disk.CompleteSome();

        Assert.Equal(Idle, _host.TakeInterrupt());
        Assert.Equal(data, At(20 * 512, data.Length));
    }

    [Theory]
    [InlineData(0xC8, false)]
    [InlineData(0x25, true)]
    public void READ_DMA_fills_the_regions_of_the_table(byte command, bool isLong)
    {
        if (isLong)
            _host.GiveLong(command, block: 11, count: 4);
        else
            _host.Give(command, block: 11, count: 4);
        Assert.Equal(0, _disk.Waiting);
        _host.StartMaster(toMemory: true, (IdeHost.Memory, 1000), (0x8000, 48), (0x3000, 1000));
        Assert.Equal(1, _disk.Waiting);
        Assert.Equal(1u, _host.MasterStatus & 7);
        Assert.Equal(Busy, _host[Alternate]);

        _disk.CompleteSome();

        Assert.Equal(4u, _host.MasterStatus & 7);
        Assert.Equal(Idle, _host.TakeInterrupt());
        var read = _host.InMemory(IdeHost.Memory, 1000).Concat(_host.InMemory(0x8000, 48)).Concat(_host.InMemory(0x3000, 1000));
        Assert.Equal(At(11 * 512, 2048), read);
        _host.MasterStatus = 4;
        Assert.Equal(0u, _host.MasterStatus & 7);
    }

    [Theory]
    [InlineData(0xCA, false)]
    [InlineData(0x35, true)]
    [InlineData(0x3D, true)]
    public void WRITE_DMA_stores_the_regions_of_the_table(byte command, bool isLong)
    {
        var data = Pattern(2048, seed: 5);
        _host.ToMemoryAt(IdeHost.Memory, data);
        if (isLong)
            _host.GiveLong(command, block: 11, count: 4);
        else
            _host.Give(command, block: 11, count: 4);
        _host.StartMaster(toMemory: false, (IdeHost.Memory, 2048));

        _disk.CompleteSome();
        _disk.CompleteSome();

        Assert.Equal(Idle, _host.TakeInterrupt());
        Assert.Equal(4u, _host.MasterStatus & 7);
        Assert.Equal(data, At(11 * 512, 2048));
        Assert.Equal(command == 0x3D, _wiring.Log.Any(line => line.Contains("Flush", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_bus_master_may_be_started_before_the_command()
    {
        _host.StartMaster(toMemory: true, (IdeHost.Memory, 4096));
        _host.Give(0xC8, block: 3, count: 1);

        _disk.CompleteSome();

        Assert.Equal(At(3 * 512, 512), _host.InMemory(IdeHost.Memory, 512));
        // There is room left in the table.
        Assert.Equal(5u, _host.MasterStatus & 7);
    }

    [Fact]
    public void A_table_that_is_too_short_ends_the_bus_master_and_another_one_goes_on()
    {
        _host.Give(0xC8, block: 3, count: 4);
        _host.StartMaster(toMemory: true, (IdeHost.Memory, 1024));
        _disk.CompleteSome();
        Assert.Equal(0u, _host.MasterStatus & 7);
        Assert.False(_host.HasInterrupt);
        Assert.Equal(Busy, _host[Alternate]);

        _host.StopMaster();
        _host.StartMaster(toMemory: true, (IdeHost.Memory + 1024, 1024));
        _disk.CompleteSome();

        Assert.Equal(4u, _host.MasterStatus & 7);
        Assert.Equal(At(3 * 512, 2048), _host.InMemory(IdeHost.Memory, 2048));
    }

    [Theory]
    [InlineData(0x0002_0000u, 512)]
    [InlineData(0xFFFF_FF00u, 512)]
    [InlineData(0x0000_FF00u, 512)]
    public void A_region_that_is_not_RAM_is_an_error_of_the_bus_master(uint address, int length)
    {
        _host.Give(0xC8, block: 3, count: 1);

        _host.StartMaster(toMemory: true, (address, length));

        Assert.Equal(2u, _host.MasterStatus & 7);
        Assert.Equal(0, _disk.Waiting);
        Assert.False(_host.HasInterrupt);
        SoftwareReset();
        Assert.Equal(Idle, _host[Status]);
    }

    [Fact]
    public void A_table_of_the_smallest_regions_ends_where_its_64_KiB_end()
    {
        const uint top = 0xFF00;
        for (uint i = top; i < 0x1_0000; i += 8)
            _host.ToMemoryAt(i, [0, 0x10, 0, 0, 2, 0, 0, 0]);
        var master = _host.Ide.Pci.Bars[0].Registers;
        _host.Give(0xC8, block: 3, count: 1);
        master.Write(4, 4, top);

        master.Write(0, 1, 9);

        // 64 bytes are no sector.
        Assert.Equal(0u, _host.MasterStatus & 7);
        Assert.Equal(0, _disk.Waiting);
    }

    [Fact]
    public void Stopping_the_bus_master_keeps_it_from_touching_memory_later()
    {
        _host.Give(0xC8, block: 3, count: 1);
        _host.StartMaster(toMemory: true, (IdeHost.Memory, 512));
        Assert.Equal(1, _disk.Waiting);

        _host.StopMaster();

        Assert.Equal(0, _disk.Waiting);
        Assert.Equal(1, _disk.Drained);
        _disk.CompleteSome();
        Assert.False(_host.HasInterrupt);
        Assert.Equal(Busy, _host[Alternate]);
    }

    [Fact]
    public void Without_bus_mastering_nothing_is_moved_until_it_is_enabled()
    {
        _host.Ide.Pci.WriteConfig(4, 2, 1);
        _host.Give(0xC8, block: 3, count: 1);
        _host.StartMaster(toMemory: true, (IdeHost.Memory, 512));
        Assert.Equal(0, _disk.Waiting);

        _host.Ide.Pci.WriteConfig(4, 2, 5);
        Assert.Equal(1, _disk.Waiting);
        _host.Ide.Pci.WriteConfig(4, 2, 5);
        Assert.Equal(1, _disk.Waiting);

        _disk.CompleteSome();
        Assert.Equal(Idle, _host.TakeInterrupt());
    }

    [Theory]
    [InlineData(0x20)]
    [InlineData(0x30)]
    [InlineData(0x40)]
    [InlineData(0xC8)]
    [InlineData(0xCA)]
    public void Sectors_behind_the_end_are_not_found(byte command)
    {
        foreach (var (block, count, first) in new[] { (Sectors, 1, Sectors), (Sectors - 1, 2, Sectors), (0x0FFF_FFFF, 1, 0x0FFF_FFFF) })
        {
            _host.Give(command, (uint)block, (byte)count);

            Assert.Equal(WithError, _host.TakeInterrupt());
            Assert.Equal(NotFound, _host[Error]);
            Assert.Equal(first, _host[Low] | _host[Mid] << 8 | _host[High] << 16 | (_host[Device] & 15) << 24);
        }
        Assert.Equal(0, _disk.Waiting);
    }

    [Fact]
    public void A_long_address_keeps_all_its_bits()
    {
        _host.GiveLong(0x24, block: 0x1234_5678_9ABC);

        Assert.Equal(WithError, _host.TakeInterrupt());
        Assert.Equal(NotFound, _host[Error]);
        Assert.Equal([0xBC, 0x9A, 0x78], new[] { _host[Low], _host[Mid], _host[High] });
        _host[Control] = 0x80;
        Assert.Equal([0x56, 0x34, 0x12], new[] { _host[Low], _host[Mid], _host[High] });
        _host[Count] = 1;
        Assert.Equal(0xBC, _host[Low]);
    }

    [Theory]
    [InlineData(0x20, BlockStatus.Failed, Uncorrectable)]
    [InlineData(0x40, BlockStatus.Failed, Uncorrectable)]
    [InlineData(0xE7, BlockStatus.Failed, Aborted)]
    [InlineData(0x20, BlockStatus.OutOfRange, NotFound)]
    public void An_error_of_the_back_end_is_the_commands(byte command, BlockStatus outcome, int error)
    {
        _wiring.Disk.Outcome = outcome;
        _host.Give(command, block: 5, count: 1);

        _disk.CompleteSome();

        Assert.Equal(WithError, _host.TakeInterrupt());
        Assert.Equal(error, _host[Error]);
        Assert.Equal(5, _host[Low]);
    }

    [Theory]
    [InlineData(BlockStatus.Failed)]
    [InlineData(BlockStatus.NoSpace)]
    [InlineData(BlockStatus.ReadOnly)]
    public void A_write_that_fails_is_aborted(BlockStatus outcome)
    {
        _wiring.Disk.Outcome = outcome;
        _host.Give(0x30, block: 5, count: 2);
        _host.WriteBlock(new byte[512]);
        _host.WriteBlock(new byte[512]);

        _disk.CompleteSome();

        Assert.Equal(WithError, _host.TakeInterrupt());
        Assert.Equal(Aborted, _host[Error]);
        Assert.Equal(Pattern(Sectors * 512), Content);
    }

    [Fact]
    public void An_error_during_DMA_interrupts_and_leaves_the_bus_master_active()
    {
        _wiring.Disk.Outcome = BlockStatus.Failed;
        _host.Give(0xC8, block: 5, count: 1);
        _host.StartMaster(toMemory: true, (IdeHost.Memory, 512));

        _disk.CompleteSome();

        Assert.Equal(WithError, _host.TakeInterrupt());
        Assert.Equal(5u, _host.MasterStatus & 7);
    }

    [Fact]
    public void Cylinders_heads_and_sectors_are_translated_as_the_host_wants()
    {
        ReadChs(cylinder: 0, head: 2, sector: 5, block: 2 * 63 + 4);
        _host[Device] = 0xA3;
        _host[Count] = 10;
        _host[Command] = 0x91;
        Assert.Equal(Idle, _host.TakeInterrupt());

        ReadChs(cylinder: 2, head: 3, sector: 10, block: (2 * 4 + 3) * 10 + 9);
        _host.Give(0xEC);
        var words = Words(_host.ReadBlock(512));
        Assert.Equal((10, 4, 10), (words[54], words[55], words[56]));
        Assert.Equal(400, words[57] | words[58] << 16);
        foreach (var (cylinder, head, sector) in new[] { (0, 0, 0), (0, 0, 11), (0, 4, 1), (10, 0, 1) })
        {
            GiveChs(0x20, cylinder, head, sector);
            Assert.Equal(WithError, _host.TakeInterrupt());
            Assert.Equal(NotFound, _host[Error]);
        }
    }

    [Fact]
    public void VERIFY_reads_all_sectors_and_moves_none()
    {
        _host.Give(0x40, block: 0, count: 200);
        Assert.Equal(1, _disk.Waiting);
        _disk.CompleteSome(1);
        Assert.Equal(1, _disk.Waiting);

        _disk.CompleteSome();

        Assert.Equal(Idle, _host.TakeInterrupt());
    }

    [Theory]
    [InlineData(0xE7)]
    [InlineData(0xEA)]
    [InlineData(0xE0)]
    public void FLUSH_CACHE_and_STANDBY_end_when_the_disk_is_durable(byte command)
    {
        _host.Give(command);
        Assert.Equal(Busy, _host[Alternate]);

        _disk.CompleteSome();

        Assert.Equal(Idle, _host.TakeInterrupt());
        Assert.Contains("Flush", _wiring.Log[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_write_cache_a_write_ends_when_it_is_durable()
    {
        _host.Give(0xEF, features: 0x82);
        _disk.CompleteSome();
        Assert.Equal(Idle, _host.TakeInterrupt());

        _host.Give(0x30, block: 1);
        _host.WriteBlock(new byte[512]);
        _disk.CompleteSome(1);
        Assert.False(_host.HasInterrupt);
        _disk.CompleteSome();

        Assert.Equal(Idle, _host.TakeInterrupt());
    }

    [Fact]
    public void Power_modes_are_told_and_sleep_ends_by_a_reset()
    {
        Assert.Equal(0xFF, PowerMode());
        _host.Give(0xE1);
        Assert.Equal(0x80, PowerMode());
        _host.Give(0xE0);
        _disk.CompleteSome();
        Assert.Equal(0x00, PowerMode());
        _host.Give(0x20);
        _disk.CompleteSome();
        _host.ReadBlock(512);
        Assert.Equal(0xFF, PowerMode());
        _host.Give(0xE6);
        _disk.CompleteSome();
        _host.Give(0xE5);
        Assert.Equal(WithError, _host.TakeInterrupt());

        SoftwareReset();

        Assert.Equal(0x00, PowerMode());
    }

    [Fact]
    public void TRIM_discards_the_ranges()
    {
        var ranges = new byte[512];
        BinaryPrimitives.WriteUInt64LittleEndian(ranges, 8UL << 48 | 16);
        BinaryPrimitives.WriteUInt64LittleEndian(ranges.AsSpan(16), 1UL << 48 | 399);
        _host.ToMemoryAt(IdeHost.Memory, ranges);
        _host.GiveLong(0x06, count: 1, features: 1);
        _host.StartMaster(toMemory: false, (IdeHost.Memory, 512));
        Assert.Equal(1, _disk.Waiting);

        _disk.CompleteSome();

        Assert.Equal(Idle, _host.TakeInterrupt());
        Assert.Equal(["0: disk Discard 8192+4096: Done", "0: disk Discard 204288+512: Done"], _wiring.Log.Where(l => l.Contains("Discard", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_disk_that_is_restored_in_the_middle_of_TRIM_goes_on()
    {
        var ranges = new byte[512];
        BinaryPrimitives.WriteUInt64LittleEndian(ranges, 8UL << 48 | 16);
        BinaryPrimitives.WriteUInt64LittleEndian(ranges.AsSpan(16), 1UL << 48 | 399);
        _host.ToMemoryAt(IdeHost.Memory, ranges);
        _host.GiveLong(0x06, count: 1, features: 1);
        _host.StartMaster(toMemory: false, (IdeHost.Memory, 512));
        _disk.CompleteSome(1);

        _host.Ide.Restore(_host.Ide.Save());
        _disk.CompleteSome();

        Assert.Equal(Idle, _host.TakeInterrupt());
        Assert.Contains("0: disk Discard 204288+512: Done", _wiring.Log);
    }

    [Fact]
    public void TRIM_behind_the_end_is_refused()
    {
        var ranges = new byte[512];
        BinaryPrimitives.WriteUInt64LittleEndian(ranges, 2UL << 48 | 399);
        _host.ToMemoryAt(IdeHost.Memory, ranges);
        _host.GiveLong(0x06, count: 1, features: 1);

        _host.StartMaster(toMemory: false, (IdeHost.Memory, 512));

        Assert.Equal(WithError, _host.TakeInterrupt());
        Assert.Equal(0, _disk.Waiting);
    }

    [Fact]
    public void SMART_reports_a_healthy_disk()
    {
        foreach (var feature in new byte[] { 0xD0, 0xD1 })
        {
            GiveSmart(feature);
            Assert.Equal(WithData, _host.TakeInterrupt());
            var data = _host.ReadBlock(512);
            Assert.Equal(0, data.Sum(value => value) & 0xFF);
            Assert.Equal(1, data[2]);
        }
        GiveSmart(0xDA);
        Assert.Equal(Idle, _host.TakeInterrupt());
        Assert.Equal(0xC24F, _host[Mid] | _host[High] << 8);
        GiveSmart(0xD9);
        GiveSmart(0xD0);
        Assert.Equal(WithError, _host.TakeInterrupt());
        GiveSmart(0xD8);
        Assert.Equal(Idle, _host.TakeInterrupt());
        _host.Give(0xB0, features: 0xD0);
        Assert.Equal(WithError, _host.TakeInterrupt());
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x08)]
    [InlineData(0xA0)]
    [InlineData(0xA1)]
    [InlineData(0xF1)]
    [InlineData(0xFF)]
    public void Other_commands_are_aborted(byte command)
    {
        _host.Give(command);

        Assert.Equal(WithError, _host.TakeInterrupt());
        Assert.Equal(Aborted, _host[Error]);
    }

    [Fact]
    public void Native_size_is_told()
    {
        _host.Give(0xF8);
        Assert.Equal(Sectors - 1, _host[Low] | _host[Mid] << 8 | _host[High] << 16 | (_host[Device] & 15) << 24);
        _host.Give(0x27);
        Assert.Equal(Sectors - 1, _host[Low] | _host[Mid] << 8 | _host[High] << 16);
    }

    [Fact]
    public void Registers_of_a_busy_disk_are_not_written()
    {
        _host.Give(0x20, block: 5, count: 1);

        _host[Low] = 77;
        _host[Device] = 0xF0;
        _host[Command] = 0xEC;
        _disk.CompleteSome();

        Assert.Equal(5, _host[Low]);
        Assert.Equal(WithData, _host.TakeInterrupt());
        Assert.Equal(At(5 * 512, 512), _host.ReadBlock(512));
    }

    [Fact]
    public void A_software_reset_gives_up_what_is_under_way()
    {
        _host.Give(0x20, block: 5, count: 1);

        _host[Control] = 0x04;
        Assert.Equal(Busy, _host[Alternate]);
        _host[Control] = 0;

        Assert.Equal(Idle, _host[Status]);
        Assert.Equal([1, 1, 1, 0, 0, 0], new[] { _host[Error], _host[Count], _host[Low], _host[Mid], _host[High], _host[Device] });
        Assert.Equal(1, _disk.Drained);
        _disk.CompleteSome();
        Assert.Equal(Idle, _host[Status]);
        Assert.False(_host.HasInterrupt);
    }

    [Fact]
    public void The_interrupt_can_be_held_back()
    {
        _host[Control] = 0x02;
        _host.Give(0xE5);
        Assert.False(_host.HasInterrupt);
        Assert.Equal(Idle, _host[Alternate]);

        _host[Control] = 0;

        Assert.True(_host.HasInterrupt);
        Assert.Equal(Idle, _host[Alternate]);
        Assert.True(_host.HasInterrupt);
        _host.TakeInterrupt();
    }

    [Fact]
    public void A_new_command_ends_the_data_of_the_one_before()
    {
        _host.Give(0xEC);
        _host.ReadBlock(100);

        _host.Give(0x20, block: 2);
        _disk.CompleteSome();

        Assert.Equal(At(2 * 512, 512), _host.ReadBlock(512));
    }

    private byte[] At(int offset, int length) => Content[offset..(offset + length)];

    private static ushort[] Words(byte[] bytes) => [.. Enumerable.Range(0, 256).Select(i => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i)))];

    private static string Text(ushort[] words, int first, int count) =>
        string.Concat(words.Skip(first).Take(count).SelectMany(word => new[] { (char)(word >> 8), (char)(word & 0xFF) })).TrimEnd();

    private void GiveSmart(byte feature)
    {
        _host[Error] = feature;
        (_host[Mid], _host[High]) = (0x4F, 0xC2);
        _host[Command] = 0xB0;
    }

    private byte PowerMode()
    {
        _host.Give(0xE5);
        Assert.Equal(Idle, _host.TakeInterrupt());
        return _host[Count];
    }

    private void SoftwareReset()
    {
        _host[Control] = 0x04;
        _host[Control] = 0x00;
    }

    private void GiveChs(byte command, int cylinder, int head, int sector)
    {
        _host[Device] = (byte)(0xA0 | head);
        _host[Count] = 1;
        (_host[Low], _host[Mid], _host[High]) = ((byte)sector, (byte)cylinder, (byte)(cylinder >> 8));
        _host[Command] = command;
    }

    private void ReadChs(int cylinder, int head, int sector, int block)
    {
        GiveChs(0x20, cylinder, head, sector);
        _disk.CompleteSome();
        Assert.Equal(WithData, _host.TakeInterrupt());
        Assert.Equal(At(block * 512, 512), _host.ReadBlock(512));
    }
}
