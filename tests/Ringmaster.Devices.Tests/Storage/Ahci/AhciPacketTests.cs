using System.Buffers.Binary;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Ata;

namespace Ringmaster.Devices.Tests.Storage.Ahci;

/// <summary>A CD-ROM drive behind a port.</summary>
public sealed class AhciPacketTests
{
    private const ulong Data = AhciDriver.Data;
    private const int Blocks = 100;
    private const byte Ended = 0x50, Failed = 0x51;

    private static readonly byte[] s_ready = [0x00], s_sense = [0x03, 0, 0, 0, 18], s_readTwo = [0x28, 0, 0, 0, 0, 5, 0, 0, 2];

    private readonly AhciDriver _driver;
    private AtapiDrive _drive = null!;

    public AhciPacketTests()
    {
        _driver = new AhciDriver(device: wiring => _drive = new AtapiDrive(wiring.Disk, new AtaModel("SN9", "RINGMSTRCD drive")));
        _driver.Disk.Content = IdeHost.Pattern(Blocks * 2048);
        _driver.Start();
    }

    [Fact]
    public void The_signature_says_that_it_takes_packets()
    {
        var frame = _driver.Frame(0x40);

        Assert.Equal((0x123u, 0xEB14_0101u, 0x0100u), (_driver.ReadPort(0x28), _driver.ReadPort(0x24), _driver.TaskFile));
        Assert.Equal([0x34, 0, 0, 1, 1, 0x14, 0xEB], frame[..7]);
        _driver.WritePort(0x18, 0x0100_0011);
        Assert.Equal(0x0100_0000u, _driver.ReadPort(0x18) & 0x0100_0000);
    }

    [Fact]
    public void A_disks_identification_is_refused_with_the_signature_and_its_own_is_given()
    {
        Assert.Equal((Failed, 4u), (_driver.Do(new AhciCommand(0xEC), (Data, 512)), _driver.TaskFile >> 8));
        Assert.Equal((0x14, 0xEB), (_driver.Frame(0x40)[5], _driver.Frame(0x40)[6]));
        _driver.Restart();

        Assert.Equal(Ended, _driver.Do(new AhciCommand(0xA1), (Data, 512)));

        var page = _driver.Bytes(Data, 512);
        Assert.Equal(0x85C0, BinaryPrimitives.ReadUInt16LittleEndian(page));
        Assert.Equal((0x0006, 0, 0x407F), (Word(page, 76), Word(page, 93), Word(page, 88)));
        Assert.Equal(0, page.Sum(value => value) & 0xFF);
    }

    [Fact]
    public void The_first_packet_hears_of_the_reset_and_the_port_goes_on()
    {
        Assert.Equal((Failed, 0x60u), (_driver.DoPacket(s_ready, dma: false), _driver.TaskFile >> 8));
        Assert.Equal(AhciDriver.TaskFileError, _driver.Interrupts & AhciDriver.TaskFileError);
        Assert.Equal(3, _driver.Frame(0x40)[12]);
        _driver.Restart();

        Assert.Equal(Ended, _driver.DoPacket(s_sense, dma: true, (Data, 18)));

        Assert.Equal((6, 0x29), (_driver.Bytes(Data, 18)[2], _driver.Bytes(Data, 18)[12]));
        Assert.Equal(Ended, _driver.DoPacket(s_ready, dma: false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Blocks_are_read(bool dma)
    {
        Ready();

        Assert.Equal(Ended, _driver.DoPacket(s_readTwo, dma, (Data, 1000), (Data + 0x1000, 3096)));

        Assert.Equal(_driver.Disk.Content[(5 * 2048)..(7 * 2048)], _driver.Bytes(Data, 1000).Concat(_driver.Bytes(Data + 0x1000, 3096)));
        Assert.Equal((4096, 0u), (_driver.Moved(), _driver.Issued));
        // Data by PIO is announced; all packets end with registers, whose count says that it is over.
        Assert.Equal(dma ? 1u : 3u, _driver.Interrupts);
        Assert.Equal((0x34, 0x40, Ended, 3), (_driver.Frame(0x40)[0], _driver.Frame(0x40)[1], _driver.Frame(0x40)[2], _driver.Frame(0x40)[12]));
        Assert.Equal(dma ? 0 : 0x5F, _driver.Frame(0x20)[0]);
    }

    [Fact]
    public void Whole_sectors_are_made_of_what_is_read()
    {
        Ready();

        Assert.Equal(Ended, _driver.DoPacket([0xBE, 0, 0, 0, 0, 16, 0, 0, 2, 0xF8], dma: true, (Data, 0x2000)));

        var raw = _driver.Bytes(Data, 2 * 2352);
        Assert.Equal([0, 0xFF], raw[..2]);
        Assert.Equal([0x00, 0x02, 0x17, 1], raw[2364..2368]);
        Assert.Equal(_driver.Disk.Content[(17 * 2048)..(18 * 2048)], raw[2368..4416]);
        Assert.Equal(raw.Length, _driver.Moved());
    }

    [Fact]
    public void A_read_of_whole_sectors_goes_on_when_it_is_restored()
    {
        Ready();
        _driver.PreparePacket([0xBE, 0, 0, 0, 0, 16, 0, 0, 1, 0xF8], dma: true, (Data, 0x1000));
        _driver.WritePort(0x38, 1);

        _driver.Controller.Restore(_driver.Controller.Save());
        _driver.Disk.CompleteSome();

        Assert.Equal((0u, (uint)Ended), (_driver.Issued, _driver.TaskFile));
        Assert.Equal(_driver.Disk.Content[(16 * 2048)..(17 * 2048)], _driver.Bytes(Data + 16, 2048));
    }

    [Fact]
    public void A_medium_that_cannot_be_read_is_a_medium_error()
    {
        Ready();
        _driver.Disk.Outcome = BlockStatus.Failed;

        Assert.Equal((Failed, 0x30u), (_driver.DoPacket(s_readTwo, dma: true, (Data, 4096)), _driver.TaskFile >> 8));
    }

    [Fact]
    public void A_medium_that_goes_during_a_read_ends_it()
    {
        Ready();
        _driver.PreparePacket(s_readTwo, dma: true, (Data, 4096));
        _driver.WritePort(0x38, 1);

        _drive.Insert(null);

        Assert.Equal((0x2051u, 1u), (_driver.TaskFile, _driver.Issued));
        _driver.Disk.CompleteSome();
        Assert.Equal(0x2051u, _driver.TaskFile);
        _driver.Restart();
        Assert.Equal((Failed, 0x20u), (_driver.DoPacket(s_readTwo, dma: true, (Data, 4096)), _driver.TaskFile >> 8));
    }

    [Fact]
    public void A_reset_of_the_link_leaves_the_tray_as_it_is()
    {
        Ready();
        Assert.Equal(Ended, _driver.DoPacket([0x1B, 0, 0, 0, 2], dma: false));
        _driver.WritePort(0x2C, 0x301);
        _driver.WritePort(0x2C, 0x300);

        Assert.True(_drive.IsTrayOpen);
        Assert.Equal(0x60u, _driver.DoPacket(s_ready, dma: false) == Failed ? _driver.TaskFile >> 8 : 0);
    }

    [Fact]
    public void A_packet_command_without_a_packet_is_an_error_of_the_interface()
    {
        _driver.Prepare(0, new AhciCommand(0xA0), (Data, 512));

        _driver.WritePort(0x38, 1);

        Assert.Equal(AhciDriver.InterfaceFatal, _driver.Interrupts & AhciDriver.InterfaceFatal);
        _driver.Restart();
        Assert.Equal(Failed, _driver.DoPacket(s_ready, dma: false));
    }

    [Fact]
    public void More_blocks_than_one_command_reads_are_refused()
    {
        Ready();
        _drive.Insert(new DrainingDisk(new Contract.TestDisk(_driver.Wiring) { Content = new byte[70_000 * 2048] }));
        Assert.Equal(Failed, _driver.DoPacket(s_ready, dma: false));
        _driver.Restart();

        Assert.Equal((Failed, 0x54u), (_driver.DoPacket([0xA8, 0, 0, 0, 0, 0, 0, 1, 0, 1], dma: true, (Data, 2048)), _driver.TaskFile >> 8));
    }

    private static ushort Word(byte[] page, int word) => BinaryPrimitives.ReadUInt16LittleEndian(page.AsSpan(2 * word));

    /// <summary>Takes what must be told first out of the way.</summary>
    private void Ready()
    {
        Assert.Equal(Failed, _driver.DoPacket(s_ready, dma: false));
        _driver.Restart();
        Assert.Equal(Ended, _driver.DoPacket(s_ready, dma: false));
    }
}
