using System.Text.Json;
using System.Text.Json.Nodes;
using Ringmaster.Devices.Chipset.DmaController;
using Ringmaster.Devices.State;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Floppy;
using Ringmaster.Devices.Tests.Bus;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Storage;

public sealed class FloppyControllerTests
{
    private const int DigitalOutput = 0x3F2, Status = 0x3F4, Rate = 0x3F7, Input = 0x3F7, Fifo = 0x3F5;
    private const int Ready = 0x80, Results = 0xD0, Busy = 0x10;
    private const uint Memory = 0x4000;
    private const int ToMemory = 0x46, FromMemory = 0x4A;

    private readonly TestWiring _wiring = new();
    private readonly DrainingDisk _disk;
    private readonly FloppyController _controller;
    private readonly GuestPorts _ports;

    public FloppyControllerTests()
    {
        _wiring.Disk.Content = IdeHost.Pattern(1440 * 1024);
        _disk = new DrainingDisk(_wiring.Disk);
        var dma = new IsaDmaController(_wiring.Dma);
        _controller = new FloppyController(_wiring.Line("irq6"), dma.ChannelFor(2), new FloppyDrive(_disk));
        _ports = new GuestPorts(_controller, dma);
    }

    private bool HasInterrupt => _wiring.Line("irq6").IsAsserted;

    [Fact]
    public void A_reset_ends_with_an_interrupt_and_four_statuses()
    {
        Assert.Equal(0, _ports.In(Status));
        _ports.Out(DigitalOutput, 0x0C);

        Assert.True(HasInterrupt);
        Assert.Equal(Ready, _ports.In(Status));
        for (var drive = 0; drive < 4; drive++)
        {
            Assert.Equal([0xC0 | drive, 0], Give(0x08));
            Assert.False(HasInterrupt);
        }
        Assert.Equal([0x80], Give(0x08));
    }

    [Fact]
    public void The_other_register_resets_too_and_the_interrupt_waits_for_its_gate()
    {
        _ports.Out(DigitalOutput, 0x04);
        Assert.False(HasInterrupt);
        _ports.Out(DigitalOutput, 0x0C);
        Assert.True(HasInterrupt);
        Drain();

        _ports.Out(Status, 0x80);

        Assert.True(HasInterrupt);
    }

    [Fact]
    public void A_reset_turns_polling_on_again_even_if_the_configuration_is_locked()
    {
        Start();
        Give(0x13, 0, 0x57, 0);
        Give(0x94);

        _ports.Out(DigitalOutput, 0);
        _ports.Out(DigitalOutput, 0x0C);

        Assert.True(HasInterrupt);
        Assert.Equal([0xC0, 0], Give(0x08));
    }

    [Fact]
    public void The_controller_tells_what_it_is_and_what_it_was_told()
    {
        Start();
        Assert.Equal([0x90], Give(0x10));
        Assert.Equal([], Give(0x03, 0xAF, 0x1E));
        Assert.Equal([], Give(0x13, 0, 0x57, 0x12));
        Assert.Equal([], Give(0x12, 0x87));
        Assert.Equal([0x10], Give(0x94));
        Assert.Equal([0, 0, 0, 0, 0xAF, 0x1E, 0, 0x87, 0x57, 0x12], Give(0x0E));

        _ports.Out(DigitalOutput, 0);
        _ports.Out(DigitalOutput, 0x1C);
        Drain();
        Assert.Equal([0, 0, 0, 0, 0xAF, 0x1E, 0, 0x84, 0x07, 0x12], Give(0x0E));
        Assert.Equal([0x00], Give(0x14));
        _ports.Out(Status, 0x80);

        Assert.Equal([0, 0, 0, 0, 0xAF, 0x1E, 0, 0x04, 0x20, 0x00], Give(0x0E));
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x18)]
    [InlineData(0x1F)]
    [InlineData(0x11)]
    public void Other_commands_are_invalid(byte command)
    {
        Start();

        Assert.Equal([0x80], Give(command));

        Assert.False(HasInterrupt);
    }

    [Fact]
    public void Heads_are_moved_and_found()
    {
        Start();
        Seek(40);
        Assert.Equal([0x28], Give(0x04, 0));
        Give(0x07, 0);
        Assert.True(HasInterrupt);
        Assert.Equal([0x20, 0], Give(0x08));

        Assert.Equal([0x38], Give(0x04, 0));
        Give(0xCF, 0, 3);
        Assert.Equal([0x20, 3], Give(0x08));
        Give(0x8F, 0, 2);
        Assert.Equal([0x20, 1], Give(0x08));
        // There is no second drive, so its track 0 is not found.
        Give(0x07, 1);
        Assert.Equal([0x71, 0], Give(0x08));
    }

    [Theory]
    [InlineData(0, 0, 1, 1)]
    [InlineData(5, 1, 3, 4)]
    [InlineData(79, 1, 18, 1)]
    public void READ_DATA_fills_memory_by_DMA(byte cylinder, byte head, byte sector, int count)
    {
        Start();
        Seek(cylinder);
        Program(ToMemory, count * 512);
        Begin(0x46, (byte)(head << 2), cylinder, head, sector, 2, 18, 0x1B, 0xFF);
        Assert.Equal(Busy, _ports.In(Status));
        Assert.False(HasInterrupt);

        _disk.CompleteSome();

        Assert.True(HasInterrupt);
        Assert.Equal(Results, _ports.In(Status));
        var next = sector + count > 18 ? (Cylinder: cylinder + 1, Sector: 1) : (cylinder, sector + count);
        Assert.Equal([head << 2, 0, 0, next.Cylinder, head, next.Sector, 2], Take());
        Assert.False(HasInterrupt);
        Assert.Equal(Image(cylinder, head, sector, count), InMemory(count * 512));
    }

    [Fact]
    public void Both_sides_of_a_cylinder_are_read_as_one()
    {
        Start();
        Seek(2);
        Program(ToMemory, 20 * 512);
        Begin(0xC6, 0, 2, 0, 10, 2, 18, 0x1B, 0xFF);
        _disk.CompleteSome(1);
        Assert.Equal(1, _disk.Waiting);

        _disk.CompleteSome();

        Assert.Equal([4, 0, 0, 2, 1, 12, 2], Take());
        Assert.Equal(Image(2, 0, 10, 20), InMemory(20 * 512));
    }

    [Theory]
    [InlineData(1024, 0x40, 0x80)]
    [InlineData(512, 0x00, 0x00)]
    public void A_cylinder_that_ends_before_the_transfer_is_an_error(int bytes, int status0, int status1)
    {
        Start();
        Program(ToMemory, bytes);
        Begin(0x46, 0, 0, 0, 7, 2, 7, 0x1B, 0xFF);

        _disk.CompleteSome();

        Assert.Equal([status0, status1, 0, 1, 0, 1, 2], Take());
    }

    [Fact]
    public void WRITE_DATA_stores_memory_and_completes_the_last_sector_with_zeros()
    {
        Start();
        Seek(3);
        var data = IdeHost.Pattern(700, seed: 8);
        _wiring.Memory.TryWrite(new GuestPhysicalAddress(Memory), data);
        Program(FromMemory, 700);
        Begin(0x45, 0, 3, 0, 4, 2, 18, 0x1B, 0xFF);
        Assert.Equal(Busy, _ports.In(Status));

        _disk.CompleteSome();

        Assert.Equal([0, 0, 0, 3, 0, 6, 2], Take());
        Assert.Equal([.. data, .. new byte[324]], Image(3, 0, 4, 2));
    }

    [Fact]
    public void A_transfer_waits_for_its_DMA_channel()
    {
        Start();
        Begin(0x46, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF);
        _disk.CompleteSome();
        Assert.Equal(Busy, _ports.In(Status));
        Assert.False(HasInterrupt);

        Program(ToMemory, 512);

        Assert.True(HasInterrupt);
        Assert.Equal(Image(0, 0, 1, 1), InMemory(512));
    }

    [Fact]
    public void Without_DMA_every_byte_interrupts()
    {
        Start();
        Give(0x03, 0xAF, 0x03);
        Begin(0x46, 0, 0, 0, 2, 2, 2, 0x1B, 0xFF);
        _disk.CompleteSome();
        var read = new byte[512];
        for (var i = 0; i < read.Length; i++)
        {
            Assert.True(HasInterrupt);
            Assert.Equal(0xF0, _ports.In(Status));
            read[i] = _ports.In(Fifo);
        }
        Assert.Equal(Image(0, 0, 2, 1), read);
        Assert.Equal([0x40, 0x80, 0, 1, 0, 1, 2], Take());

        Begin(0x45, 0, 0, 0, 2, 2, 2, 0x1B, 0xFF);
        for (var i = 0; i < 512; i++)
        {
            Assert.Equal(0xB0, _ports.In(Status));
            _ports.Out(Fifo, 255 - read[i]);
        }
        _disk.CompleteSome();

        Assert.Equal([0x40, 0x80, 0, 1, 0, 1, 2], Take());
        Assert.Equal(read.Select(value => (byte)(255 - value)), Image(0, 0, 2, 1));
    }

    [Fact]
    public void Sectors_that_are_not_there_are_told_apart()
    {
        Start();
        // Size, sector, cylinder, side, and single density, in this order.
        Fails([0x46, 0, 0, 0, 1, 3, 18, 0, 0], 0x04, 0x00);
        Fails([0x46, 0, 0, 0, 19, 2, 19, 0, 0], 0x04, 0x00);
        Fails([0x46, 0, 0, 0, 0, 2, 18, 0, 0], 0x04, 0x00);
        Fails([0x46, 0, 5, 0, 1, 2, 18, 0, 0], 0x04, 0x10);
        Fails([0x46, 4, 0, 0, 1, 2, 18, 0, 0], 0x04, 0x00);
        Fails([0x06, 0, 0, 0, 1, 2, 18, 0, 0], 0x01, 0x00);
        Fails([0x46, 1, 0, 0, 1, 2, 18, 0, 0], 0x01, 0x00);
        _ports.Out(Rate, 2);
        Fails([0x46, 0, 0, 0, 1, 2, 18, 0, 0], 0x01, 0x00);
        Fails([0x4A, 0], 0x01, 0x00);
        _ports.Out(Rate, 0);

        var id = Give(0x4A, 0);

        Assert.Equal([0, 0, 0, 0, 0], id[..5]);
        Assert.InRange(id[5], 1, 18);
        Assert.Equal(2, id[6]);
    }

    [Fact]
    public void An_implied_seek_moves_the_heads_first()
    {
        Start();
        Give(0x13, 0, 0x40, 0);
        Program(ToMemory, 512);

        Begin(0x46, 0, 9, 0, 1, 2, 18, 0, 0);
        _disk.CompleteSome();

        Assert.Equal([0x20, 0, 0, 9, 0, 2, 2], Take());
        Assert.Equal(Image(9, 0, 1, 1), InMemory(512));
    }

    [Fact]
    public void READ_TRACK_begins_with_the_first_sector_and_VERIFY_moves_nothing()
    {
        Start();
        Program(ToMemory, 18 * 512);
        Begin(0x42, 0, 0, 0, 5, 2, 18, 0, 0);
        _disk.CompleteSome();
        Assert.Equal(0, Take()[0]);
        Assert.Equal(Image(0, 0, 1, 18), InMemory(18 * 512));

        Begin(0x56, 0, 0, 0, 1, 2, 18, 0, 0);
        _disk.CompleteSome();

        Assert.Equal([0, 0, 0, 1, 0, 1, 2], Take());
        Begin(0x56, 0x80, 0, 0, 4, 2, 18, 0, 3);
        _disk.CompleteSome();
        Assert.Equal([0, 0, 0, 0, 0, 7, 2], Take());
    }

    [Fact]
    public void FORMAT_TRACK_fills_the_sectors_whose_addresses_it_is_given()
    {
        Start();
        Seek(1);
        byte[] ids = [.. Enumerable.Range(1, 18).Where(i => i != 7).SelectMany(i => new byte[] { 1, 0, (byte)i, 2 }), 1, 0, 99, 2];
        var seventh = Image(1, 0, 7, 1);
        _wiring.Memory.TryWrite(new GuestPhysicalAddress(Memory), ids);
        Program(FromMemory, ids.Length);
        Begin(0x4D, 0, 2, 18, 0x50, 0xF6);

        _disk.CompleteSome();

        Assert.Equal([0, 0, 0], Take()[..3]);
        Assert.All(Image(1, 0, 1, 6).Concat(Image(1, 0, 8, 11)), value => Assert.Equal(0xF6, value));
        Assert.Equal(seventh, Image(1, 0, 7, 1));
        Fails([0x4D, 0, 2, 19, 0x50, 0xF6], 0x02, 0x00);
    }

    [Fact]
    public void A_protected_diskette_is_not_written()
    {
        _wiring.Disk.IsReadOnly = true;
        Start();

        Assert.Equal([0x78], Give(0x04, 0));
        Fails([0x45, 0, 0, 0, 1, 2, 18, 0, 0], 0x02, 0x00);
        Fails([0x4D, 0, 2, 18, 0x50, 0xF6], 0x02, 0x00);
    }

    [Fact]
    public void An_image_that_fails_is_a_wrong_check_sum()
    {
        Start();
        _wiring.Disk.Outcome = BlockStatus.Failed;
        Program(ToMemory, 512);

        Fails([0x46, 0, 0, 0, 1, 2, 18, 0, 0], 0x20, 0x20);
    }

    [Fact]
    public void The_change_line_is_up_until_the_drive_steps()
    {
        Start();
        Assert.Equal(0x80, _ports.In(Input));
        Seek(1);
        Assert.Equal(0x00, _ports.In(Input));

        _controller.ChangeDiskette(0, null);
        Assert.Equal(0x80, _ports.In(Input));
        Seek(2);
        Assert.Equal(0x80, _ports.In(Input));
        Fails([0x46, 0, 2, 0, 1, 2, 18, 0, 0], 0x01, 0x00);
        _controller.ChangeDiskette(0, _disk);
        Seek(3);

        Assert.Equal(0x00, _ports.In(Input));
        _ports.Out(DigitalOutput, 0x0C);
        _controller.ChangeDiskette(0, _disk);
        Assert.Equal(0x00, _ports.In(Input));
    }

    [Fact]
    public void A_diskette_that_goes_during_a_transfer_ends_it()
    {
        Start();
        Program(ToMemory, 512);
        Begin(0x46, 0, 0, 0, 1, 2, 18, 0, 0);

        _controller.ChangeDiskette(0, null);

        Assert.Equal(1, _disk.Drained);
        Assert.Equal([0x40, 0x01], Take()[..2]);
        _disk.CompleteSome();
        Assert.Equal(Ready, _ports.In(Status));
    }

    [Fact]
    public void A_reset_gives_up_the_transfer()
    {
        Start();
        Program(ToMemory, 512);
        Begin(0x46, 0, 0, 0, 1, 2, 18, 0, 0);

        _ports.Out(DigitalOutput, 0x18);
        Assert.Equal(0, _ports.In(Status));
        _ports.Out(DigitalOutput, 0x1C);
        _disk.CompleteSome();

        Assert.Equal(1, _disk.Drained);
        Assert.Equal(Ready, _ports.In(Status));
        Assert.Equal(new byte[512], InMemory(512));
    }

    [Fact]
    public void A_state_in_the_middle_of_a_command_without_data_is_refused()
    {
        var state = _controller.Save();
        var damaged = JsonNode.Parse(state.Data!.Value.GetRawText())!;
        damaged[nameof(FloppyControllerState.Step)] = (int)FloppyStep.Reading;
        damaged[nameof(FloppyControllerState.Command)] = Convert.ToBase64String([0x08]);

        Assert.Throws<SavedStateException>(() => _controller.Restore(state with { Data = JsonSerializer.SerializeToElement(damaged) }));
    }

    [Theory]
    [InlineData(160, 40, 1, 8, 2)]
    [InlineData(180, 40, 1, 9, 2)]
    [InlineData(320, 40, 2, 8, 2)]
    [InlineData(360, 40, 2, 9, 1)]
    [InlineData(720, 80, 2, 9, 2)]
    [InlineData(1200, 80, 2, 15, 0)]
    [InlineData(1440, 80, 2, 18, 0)]
    [InlineData(1680, 80, 2, 21, 0)]
    [InlineData(2880, 80, 2, 36, 3)]
    public void The_size_of_an_image_tells_its_format(int kilobytes, int cylinders, int heads, int sectors, byte rate)
    {
        _wiring.Disk.Content = IdeHost.Pattern(kilobytes * 1024);
        _controller.ChangeDiskette(0, _disk);
        Start();
        _ports.Out(Rate, rate);
        var (cylinder, head) = ((byte)(cylinders - 1), (byte)(heads - 1));
        Seek(cylinder);
        Program(ToMemory, 512);

        Begin(0x46, (byte)(head << 2), cylinder, head, (byte)sectors, 2, (byte)sectors, 0, 0);
        _disk.CompleteSome();

        Assert.Equal(head << 2, Take()[0]);
        Assert.Equal(_wiring.Disk.Content[^512..], InMemory(512));
    }

    [Fact]
    public void An_image_of_another_size_is_no_diskette()
    {
        var odd = new TestDisk(_wiring) { Content = new byte[1000 * 512] };

        var error = Assert.Throws<ArgumentException>(() => _controller.ChangeDiskette(0, odd));

        Assert.Contains("512000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Same(_disk, _controller.Drives[0]!.Medium);
    }

    private byte[] Image(int cylinder, int head, int sector, int count) =>
        _wiring.Disk.Content.AsSpan(((cylinder * 2 + head) * 18 + sector - 1) * 512, count * 512).ToArray();

    private byte[] InMemory(int length) => _wiring.Memory.Window(new GuestPhysicalAddress(Memory), length).ToArray();

    /// <summary>Takes the controller out of reset with the first drive's motor on, at 500 kbit/s.</summary>
    private void Start()
    {
        _ports.Out(DigitalOutput, 0x1C);
        Drain();
        _ports.Out(Rate, 0);
    }

    private void Drain()
    {
        for (var i = 0; i < 4; i++)
            Give(0x08);
    }

    private void Seek(byte cylinder)
    {
        Give(0x0F, 0, cylinder);
        Assert.True(HasInterrupt);
        Assert.Equal([0x20, cylinder], Give(0x08));
        Assert.False(HasInterrupt);
    }

    /// <summary>Sets up DMA channel 2.</summary>
    private void Program(int mode, int count)
    {
        _ports.Out(0x0A, 6);
        _ports.Out(0x0C, 0);
        _ports.Out(0x04, (int)Memory & 0xFF);
        _ports.Out(0x04, (int)Memory >> 8);
        _ports.Out(0x05, count - 1);
        _ports.Out(0x05, (count - 1) >> 8);
        _ports.Out(0x81, 0);
        _ports.Out(0x0B, mode);
        _ports.Out(0x0A, 2);
    }

    private void Begin(params byte[] command)
    {
        foreach (var value in command)
        {
            Assert.Equal(Ready, _ports.In(Status) & 0xC0);
            _ports.Out(Fifo, value);
        }
    }

    private int[] Take()
    {
        var results = new List<int>();
        while ((_ports.In(Status) & 0xC0) == 0xC0)
            results.Add(_ports.In(Fifo));
        Assert.Equal(Ready, _ports.In(Status));
        return [.. results];
    }

    /// <summary>Gives a command that ends at once, and takes its results.</summary>
    private int[] Give(params byte[] command)
    {
        Begin(command);
        return Take();
    }

    private void Fails(byte[] command, int status1, int status2)
    {
        Begin(command);
        _disk.CompleteSome();
        Assert.True(HasInterrupt);
        var results = Take();
        Assert.Equal((7, 0x40, status1, status2), (results.Length, results[0] & 0xC0, results[1], results[2]));
        Assert.False(HasInterrupt);
    }
}
