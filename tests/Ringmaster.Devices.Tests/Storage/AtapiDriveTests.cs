using System.Buffers.Binary;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Devices.Storage.Cd;
using Ringmaster.Devices.Tests.Contract;
using static Ringmaster.Devices.Tests.Storage.IdeHost;

namespace Ringmaster.Devices.Tests.Storage;

public sealed class AtapiDriveTests
{
    private const int Blocks = 100;

    private readonly TestWiring _wiring = new();
    private readonly DrainingDisk _disk;
    private readonly AtapiDrive _drive;
    private readonly IdeHost _host;

    public AtapiDriveTests()
    {
        _wiring.Disk.Content = Pattern(Blocks * 2048);
        _disk = new DrainingDisk(_wiring.Disk);
        _drive = new AtapiDrive(_disk, new AtaModel("SN9", "RINGMSTRCD drive", "2.5"));
        _host = new IdeHost(_drive, wiring: _wiring);
    }

    [Fact]
    public void A_driver_recognises_the_drive_by_its_signature()
    {
        Assert.Equal(0, _host[Status]);
        Assert.Equal(0xEB14, _host[Mid] | _host[High] << 8);

        _host[Mid] = _host[High] = 0;
        _host[Command] = 0xEC;

        Assert.Equal(WithError, _host.TakeInterrupt());
        Assert.Equal(0x04, _host[Error]);
        Assert.Equal(0xEB14, _host[Mid] | _host[High] << 8);
        _host[Command] = 0xA1;
        Assert.Equal(WithData, _host.TakeInterrupt());
        Assert.Equal(0x85C0, BinaryPrimitives.ReadUInt16LittleEndian(_host.ReadBlock(512)));
        Assert.Equal(Idle, _host[Status]);
        Assert.False(_host.HasInterrupt);
    }

    [Fact]
    public void The_first_command_hears_of_the_reset()
    {
        Refused(6, 0x29, 0x00);
        Assert.Equal([0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x29, 0, 0, 0, 0, 0], Ask([0x03, 0, 0, 0, 18]));

        Succeeds([0x00]);

        Assert.Equal(0, Ask([0x03, 0, 0, 0, 18])[2]);
    }

    [Theory]
    [InlineData(0xFFFE, 1)]
    [InlineData(4096, 2)]
    [InlineData(3000, 3)]
    [InlineData(0, 1)]
    public void READ_10_gives_data_in_blocks_of_no_more_than_the_limit(int limit, int width)
    {
        Ready();
        _host.GivePacket([0x28, 0, 0, 0, 0, 5, 0, 0, 2], limit: (ushort)limit);
        Assert.Equal(Busy, _host[Alternate] & Busy);
        _disk.CompleteSome();

        var read = new List<byte>();
        while (read.Count < 4096)
        {
            Assert.Equal(WithData, _host.TakeInterrupt());
            Assert.Equal(2, _host[Count]);
            var length = _host[Mid] | _host[High] << 8;
            Assert.InRange(length, 1, limit == 0 ? 0xFFFE : limit);
            read.AddRange(_host.ReadBlock(length, width == 3 ? 4 : 2));
        }

        Assert.Equal(Idle, _host.TakeInterrupt());
        Assert.Equal(3, _host[Count]);
        Assert.Equal(_wiring.Disk.Content[(5 * 2048)..(7 * 2048)], read);
    }

    [Theory]
    [InlineData(0x28)]
    [InlineData(0xA8)]
    public void READ_by_DMA_goes_into_guest_memory(byte command)
    {
        Ready();
        byte[] packet = command == 0x28 ? [command, 0, 0, 0, 0, 9, 0, 0, 3] : [command, 0, 0, 0, 0, 9, 0, 0, 0, 3];
        _host.GivePacket(packet, dma: true);
        _host.StartMaster(toMemory: true, (IdeHost.Memory, 4000), (0x8000, 2144));
        Assert.Equal(1, _disk.Waiting);

        _disk.CompleteSome();

        Assert.Equal(Idle, _host.TakeInterrupt());
        Assert.Equal(3, _host[Count]);
        Assert.Equal(4u, _host.MasterStatus & 7);
        Assert.Equal(_wiring.Disk.Content[(9 * 2048)..(12 * 2048)], _host.InMemory(IdeHost.Memory, 4000).Concat(_host.InMemory(0x8000, 2144)));
    }

    [Fact]
    public void Answers_go_by_DMA_too()
    {
        Ready();
        _host.StartMaster(toMemory: true, (IdeHost.Memory, 64));

        _host.GivePacket([0x12, 0, 0, 0, 36], dma: true);

        Assert.Equal(Idle, _host.TakeInterrupt());
        Assert.Equal("RINGMSTRCD drive"u8.ToArray(), _host.InMemory(IdeHost.Memory + 8, 16));
    }

    [Fact]
    public void Long_reads_go_on_beyond_the_buffer()
    {
        Ready();
        _host.GivePacket([0x28, 0, 0, 0, 0, 0, 0, 0, Blocks]);

        Assert.Equal(_wiring.Disk.Content, Receive());
    }

    [Fact]
    public void An_odd_answer_ends_with_half_a_word()
    {
        Ready();
        _host.GivePacket([0x12, 0, 0, 0, 5]);

        Assert.Equal([0x05, 0x80, 0x05, 0x02, 31, 0], _host.ReadBlock(6));
        Assert.Equal(Idle, _host[Status]);
    }

    [Fact]
    public void What_is_not_there_is_refused_with_its_reason()
    {
        Ready();
        foreach (var (packet, key, code, qualifier) in new (byte[], int, int, int)[]
        {
            ([0x28, 0, 0, 0, 0, Blocks, 0, 0, 1], 5, 0x21, 0),
            ([0x28, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF], 5, 0x21, 0),
            ([0xA8, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF], 5, 0x21, 0),
            ([0x2B, 0, 0, 0, 0, Blocks], 5, 0x21, 0),
            ([0xFF], 5, 0x20, 0),
            ([0x5A, 0, 0xC1, 0, 0, 0, 0, 0, 99], 5, 0x39, 0),
            ([0x5A, 0, 0x05, 0, 0, 0, 0, 0, 99], 5, 0x24, 0),
            ([0x4A, 0, 0, 0, 0x10, 0, 0, 0, 8], 5, 0x24, 0),
            ([0x43, 0, 5, 0, 0, 0, 0, 0, 99], 5, 0x24, 0),
            ([0xBE, 4, 0, 0, 0, 0, 0, 0, 1, 0x10], 5, 0x64, 0),
            ([0xBE, 0, 0, 0, 0, 0, 0, 0, 1, 0x10, 1], 5, 0x24, 0),
            ([0xAD, 0, 0, 0, 0, 0, 0, 0, 8, 8], 5, 0x30, 2),
        })
        {
            Refused(packet, key, code, qualifier);
        }
    }

    [Fact]
    public void A_medium_that_cannot_be_read_is_a_medium_error()
    {
        Ready();
        _wiring.Disk.Outcome = BlockStatus.Failed;
        _host.GivePacket([0x28, 0, 0, 0, 0, 5, 0, 0, 2]);

        _disk.CompleteSome();

        Assert.Equal(WithError, _host.TakeInterrupt());
        Assert.Equal(0x30, _host[Error]);
        Assert.Equal(0x11, Ask([0x03, 0, 0, 0, 18])[12]);
    }

    [Fact]
    public void Size_and_contents_are_told()
    {
        Ready();

        Assert.Equal([0, 0, 0, Blocks - 1, 0, 0, 8, 0], Ask([0x25]));
        Assert.Equal(
            [0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 0xAA, 0, 0, 0, 0, Blocks], Ask([0x43, 0, 0, 0, 0, 0, 0, 0, 99]));
        Assert.Equal(
            [0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 2, 0, 0, 0x14, 0xAA, 0, 0, 0, 3, 25], Ask([0x43, 2, 0, 0, 0, 0, 0, 0, 99]));
        Assert.Equal([0, 10, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0], Ask([0x43, 0, 1, 0, 0, 0, 0, 0, 99]));
        var full = Ask([0x43, 2, 2, 0, 0, 0, 0, 0, 99]);
        Assert.Equal(4 + 4 * 11, full.Length);
        Assert.Equal([1, 0x14, 0, 0xA2, 0, 0, 0, 0, 0, 3, 25], full[26..37]);
        Assert.Equal([0, 32, 0x0E, 1, 1, 1, 1], Ask([0x51, 0, 0, 0, 0, 0, 0, 0, 34])[..7]);
        var track = Ask([0x52, 1, 0, 0, 0, 1, 0, 0, 36]);
        Assert.Equal((36, Blocks), (track.Length, track[27]));
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0], Ask([0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8]));
        Succeeds([0xBB, 0, 0xFF, 0xFF]);
        Succeeds([0x2B, 0, 0, 0, 0, 50]);
    }

    [Fact]
    public void Capabilities_are_told()
    {
        Ready();

        var configuration = Ask([0x46, 0, 0, 0, 0, 0, 0, 1, 0]);
        Assert.Equal(configuration.Length - 4, BinaryPrimitives.ReadInt32BigEndian(configuration));
        Assert.Equal(8, configuration[7]);
        Assert.Equal([0, 0, 0, 12, 0, 0, 0, 8, 0, 3, 3, 4, 0x29, 0, 0, 0], Ask([0x46, 2, 0, 3, 0, 0, 0, 1, 0]));
        var page = Ask([0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 99]);
        Assert.Equal([0, 26, 0, 0, 0, 0, 0, 0, 0x2A, 18], page[..10]);
        Assert.Equal(28, page.Length);
        Assert.Equal([23, 0, 0, 0, 0x2A, 18], Ask([0x1A, 0, 0x2A, 0, 99])[..6]);
        Assert.Equal(8 + 12 + 12 + 20, Ask([0x5A, 0, 0x3F, 0, 0, 0, 0, 0, 99]).Length);
        Assert.Equal([5, 0, 0, 3, 0, 0x80, 0x83], Ask([0x12, 1, 0, 0, 99]));
        Assert.Equal("SN9"u8.ToArray(), Ask([0x12, 1, 0x80, 0, 99])[4..7]);
    }

    [Fact]
    public void READ_CD_gives_whole_sectors_with_their_codes()
    {
        Ready();
        _host.GivePacket([0xBE, 0, 0, 0, 0, 16, 0, 0, 2, 0xF8]);

        var raw = Receive();

        Assert.Equal(2 * 2352, raw.Length);
        Assert.Equal([0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0x00, 0x02, 0x16, 1], raw[..16]);
        Assert.Equal(_wiring.Disk.Content[(16 * 2048)..(17 * 2048)], raw[16..2064]);
        Assert.Equal([0x00, 0x02, 0x17, 1], raw[2364..2368]);
        // A parity vector with its two bytes is a word of the code: its plain and its weighted sum vanish (ECMA-130 annex A).
        AssertIsCodeWord([.. Enumerable.Range(0, 26).Select(i => raw[12 + 86 * i + 5])]);
        AssertIsCodeWord([.. Enumerable.Range(0, 43).Select(i => raw[12 + (86 * 4 + 88 * i) % 2236]), raw[12 + 2236 + 8], raw[12 + 2236 + 52 + 8]]);
    }

    [Fact]
    public void READ_CD_MSF_finds_blocks_by_time()
    {
        Ready();
        _host.GivePacket([0xB9, 0, 0, 0, 2, 10, 0, 2, 12, 0x10]);
        Assert.Equal(_wiring.Disk.Content[(10 * 2048)..(12 * 2048)], Receive());

        Refused([0xB9, 0, 0, 0, 1, 0, 0, 2, 0, 0x10], 5, 0x24, 0);
    }

    [Fact]
    public void The_detection_code_is_the_standards()
    {
        // Of a sector of zeros at block 0 (header 00:02:00, mode 1), worked out bit by bit.
        var sector = new byte[2352];
        CdSector.Make(0, new byte[2048], CdFields.All, sector);
        uint remainder = 0;
        foreach (var value in sector.AsSpan(0, 2068))
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var one = (remainder ^ (uint)(value >> bit)) & 1;
                remainder = remainder >> 1 ^ (one != 0 ? 0xD801_8001u : 0);
            }
        }

        Assert.Equal(0u, remainder);
    }

    [Fact]
    public void A_tray_opens_and_closes_at_the_hosts_wish()
    {
        Ready();
        Succeeds([0x1B, 0, 0, 0, 2]);
        Assert.True(_drive.IsTrayOpen);
        Refused([0x00], 2, 0x3A, 2);
        Assert.Equal([0, 6, 4, 0x10, 0, 1, 0, 0], Ask([0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8]));

        Succeeds([0x1B, 0, 0, 0, 3]);

        Assert.False(_drive.IsTrayOpen);
        Assert.Equal([0, 6, 4, 0x10, 2, 2, 0, 0], Ask([0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8]));
        Refused([0x00], 6, 0x28, 0);
        Succeeds([0x00]);
    }

    [Fact]
    public void A_locked_tray_stays_closed_and_the_host_hears_of_the_button()
    {
        Ready();
        Succeeds([0x1E, 0, 0, 0, 1]);
        Refused([0x1B, 0, 0, 0, 2], 5, 0x53, 2);

        Assert.False(_drive.PressEject());

        Assert.Equal(1, Ask([0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8])[4]);
        Assert.Equal(0, Ask([0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8])[4]);
        Succeeds([0x1E, 0, 0, 0, 0]);
        Assert.True(_drive.PressEject());
        Refused([0x00], 2, 0x3A, 2);
    }

    [Fact]
    public void Another_medium_is_noticed()
    {
        Ready();
        _drive.Insert(null);
        Refused([0x00], 2, 0x3A, 1);
        Assert.Equal(3, Ask([0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8])[4]);
        var other = new TestDisk(_wiring) { Content = Pattern(7 * 2048, seed: 9) };

        _drive.Insert(other);

        Assert.Equal(2, Ask([0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8])[4]);
        Refused([0x25], 6, 0x28, 0);
        Assert.Equal(6, Ask([0x25])[3]);
    }

    [Fact]
    public void A_medium_that_goes_during_a_read_ends_it()
    {
        Ready();
        _host.GivePacket([0x28, 0, 0, 0, 0, 5, 0, 0, 2], dma: true);
        _host.StartMaster(toMemory: true, (IdeHost.Memory, 4096));

        _drive.Insert(null);

        Assert.Equal(1, _disk.Drained);
        Assert.Equal(WithError, _host.TakeInterrupt());
        Assert.Equal(0x20, _host[Error]);
        _disk.CompleteSome();
        Assert.Equal(WithError, _host[Status]);
    }

    [Fact]
    public void More_than_a_CD_holds_is_a_DVD()
    {
        _drive.Insert(new LargeDisk(500_000UL * 2048));
        Refused([0x00], 6, 0x29, 0);
        Refused([0x00], 6, 0x28, 0);

        Assert.Equal(0x10, Ask([0x46, 0, 0, 0, 0, 0, 0, 1, 0])[7]);
        var structure = Ask([0xAD, 0, 0, 0, 0, 0, 0, 0, 0x08, 0x04]);
        Assert.Equal(2052, structure.Length);
        Assert.Equal(0x30000 + 500_000 - 1, structure[13] << 16 | structure[14] << 8 | structure[15]);
    }

    [Fact]
    public void DEVICE_RESET_stops_even_a_busy_drive()
    {
        Ready();
        _host.GivePacket([0x28, 0, 0, 0, 0, 5, 0, 0, 2]);
        Assert.Equal(Busy, _host[Alternate] & Busy);

        _host[Command] = 0x08;

        Assert.Equal(0, _host[Status]);
        Assert.Equal(0xEB14, _host[Mid] | _host[High] << 8);
        _disk.CompleteSome();
        Assert.False(_host.HasInterrupt);
        Succeeds([0x00]);
    }

    private static void AssertIsCodeWord(byte[] word)
    {
        byte sum = 0, weighted = 0;
        foreach (var value in word)
        {
            sum ^= value;
            weighted = (byte)((weighted << 1) ^ ((weighted & 0x80) != 0 ? 0x1D : 0) ^ value);
        }
        Assert.Equal((0, 0), (sum, weighted));
    }

    /// <summary>Takes what must be told first out of the way.</summary>
    private void Ready()
    {
        Refused(6, 0x29, 0x00);
        Succeeds([0x00]);
    }

    private void Refused(int key, int code, int qualifier) => Refused([0x00], key, code, qualifier);

    private void Refused(byte[] packet, int key, int code, int qualifier)
    {
        _host.GivePacket(packet);
        Assert.Equal(WithError, _host.TakeInterrupt());
        Assert.Equal(key, _host[Error] >> 4);
        Assert.Equal(3, _host[Count]);
        var saved = Peek();
        Assert.Equal((key, code, qualifier), saved);
    }

    /// <summary>The sense, without taking it: a test may still ask for it itself.</summary>
    private (int, int, int) Peek()
    {
        var sense = _host.Ide.Save().Data!.Value.GetProperty("Primary").GetProperty("Master").GetProperty("Device").GetProperty("Packet").GetProperty("Sense");
        return (sense.GetProperty("Key").GetInt32(), sense.GetProperty("Code").GetInt32(), sense.GetProperty("Qualifier").GetInt32());
    }

    private void Succeeds(byte[] packet)
    {
        _host.GivePacket(packet);
        Assert.Equal(Idle, _host.TakeInterrupt());
        Assert.Equal(3, _host[Count]);
    }

    private byte[] Ask(byte[] packet)
    {
        _host.GivePacket(packet);
        return Receive();
    }

    private byte[] Receive()
    {
        var answer = new List<byte>();
        for (var blocks = 0; blocks < 1000; blocks++)
        {
            _disk.CompleteSome();
            var status = _host.TakeInterrupt();
            if (_host[Count] == 3)
            {
                Assert.Equal(Idle, status);
                return [.. answer];
            }
            Assert.Equal(WithData, status);
            answer.AddRange(_host.ReadBlock(_host[Mid] | _host[High] << 8));
        }
        throw new InvalidOperationException("The drive does not end its answer.");
    }

    /// <summary>Only its size matters.</summary>
    private sealed class LargeDisk(ulong length) : IBlockBackend
    {
        public ulong Length => length;

        public bool IsReadOnly => true;

        public bool CanDiscard => false;

        public void Submit(BlockRequest request) => throw new InvalidOperationException("Nothing is read here.");

        public bool TryRead(ulong offset, IReadOnlyList<Memory<byte>> buffers) => false;

        public void Drain()
        {
        }
    }
}
