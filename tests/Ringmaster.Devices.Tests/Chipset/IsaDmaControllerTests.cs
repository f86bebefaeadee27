using Ringmaster.Devices.Chipset.DmaController;
using Ringmaster.Devices.Debug;
using Ringmaster.Devices.Tests.Bus;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Chipset;

public sealed class IsaDmaControllerTests
{
    private const int Write = 0x44, Read = 0x48, Verify = 0x40, AutoInitialize = 0x10, Decrement = 0x20;

    private readonly TestWiring _wiring = new();
    private readonly IsaDmaController _dma;
    private readonly GuestPorts _ports;

    public IsaDmaControllerTests()
    {
        _dma = new IsaDmaController(_wiring.Dma);
        _ports = new GuestPorts(_dma);
    }

    [Fact]
    public void A_masked_channel_moves_nothing()
    {
        Assert.Equal(new DmaTransfer(0, false), _dma.ChannelFor(2).ToMemory([1, 2, 3]));
        Program(2, 0x1000, 3, Write);
        _ports.Out(0x0A, 0x06);

        Assert.Equal(new DmaTransfer(0, false), _dma.ChannelFor(2).ToMemory([1, 2, 3]));
    }

    [Fact]
    public void Data_goes_to_memory_until_the_terminal_count()
    {
        Program(2, 0x1234, 5, Write);

        Assert.Equal(new DmaTransfer(3, false), _dma.ChannelFor(2).ToMemory([1, 2, 3]));
        Assert.Equal(0x1237, Word(0x04));
        Assert.Equal(1, Word(0x05));
        Assert.Equal(new DmaTransfer(2, true), _dma.ChannelFor(2).ToMemory([4, 5, 6, 7]));

        Assert.Equal([1, 2, 3, 4, 5, 0], At(0x1234, 6));
        Assert.Equal(0x04, _ports.In(0x08));
        Assert.Equal(0x00, _ports.In(0x08));
        Assert.Equal(0xFF, _ports.In(0x0F));
        Assert.Equal(0xFFFF, Word(0x05));
        Assert.Equal(new DmaTransfer(0, false), _dma.ChannelFor(2).ToMemory([1]));
    }

    [Fact]
    public void Data_comes_from_memory()
    {
        Put(0x2000, [9, 8, 7]);
        Program(1, 0x2000, 3, Read);
        var bytes = new byte[4];

        Assert.Equal(new DmaTransfer(3, true), _dma.ChannelFor(1).FromMemory(bytes));

        Assert.Equal([9, 8, 7, 0], bytes);
    }

    [Fact]
    public void A_channel_that_initializes_itself_starts_anew_at_the_terminal_count()
    {
        Program(3, 0x3000, 2, Write | AutoInitialize);

        Assert.Equal(new DmaTransfer(2, true), _dma.ChannelFor(3).ToMemory([1, 2, 3]));
        Assert.Equal(new DmaTransfer(1, false), _dma.ChannelFor(3).ToMemory([3]));

        Assert.Equal([3, 2], At(0x3000, 2));
    }

    [Fact]
    public void Verifying_counts_and_moves_nothing()
    {
        Program(2, 0x1000, 2, Verify);

        Assert.Equal(new DmaTransfer(2, true), _dma.ChannelFor(2).ToMemory([1, 2]));

        Assert.Equal([0, 0], At(0x1000, 2));
    }

    [Fact]
    public void Addresses_can_go_down()
    {
        Program(2, 0x1002, 3, Write | Decrement);

        _dma.ChannelFor(2).ToMemory([1, 2, 3]);

        Assert.Equal([3, 2, 1], At(0x1000, 3));
    }

    [Fact]
    public void Addresses_wrap_inside_the_page()
    {
        Program(2, 0xFFFE, 4, Write);

        Assert.Equal(new DmaTransfer(4, true), _dma.ChannelFor(2).ToMemory([1, 2, 3, 4]));

        Assert.Equal([1, 2], At(0xFFFE, 2));
        Assert.Equal([3, 4], At(0x0000, 2));
    }

    [Fact]
    public void Where_there_is_no_memory_nothing_is_stored_and_ones_are_read()
    {
        Program(2, 0x0008_0000, 2, Write);
        Assert.Equal(new DmaTransfer(2, true), _dma.ChannelFor(2).ToMemory([1, 2]));
        Program(2, 0x00FF_FFFF, 2, Read);
        var bytes = new byte[2];

        Assert.Equal(new DmaTransfer(2, true), _dma.ChannelFor(2).FromMemory(bytes));

        Assert.Equal([0xFF, 0xFF], bytes);
    }

    [Fact]
    public void The_second_controller_moves_words()
    {
        _ports.Out(0xD8, 0);
        _ports.Out(0xC4, 0x00);
        _ports.Out(0xC4, 0x40);
        _ports.Out(0xC6, 1);
        _ports.Out(0xC6, 0);
        _ports.Out(0x8B, 0x01);
        _ports.Out(0xD6, Write | 1);
        _ports.Out(0xD4, 1);

        Assert.Equal(new DmaTransfer(4, true), _dma.ChannelFor(5).ToMemory([1, 2, 3, 4, 5]));

        Assert.Equal([1, 2, 3, 4], At(0x8000, 4));
    }

    [Fact]
    public void A_device_hears_when_its_channel_is_unmasked()
    {
        var times = 0;
        _dma.ChannelFor(2).Ready = () => times++;
        _ports.Out(0x0B, Write | 2);
        Assert.Equal(0, times);

        _ports.Out(0x0A, 2);

        Assert.Equal(1, times);
    }

    [Fact]
    public void A_master_clear_masks_all_channels_and_the_flip_flop_can_be_cleared()
    {
        _ports.Out(0x0E, 0);
        Assert.Equal(0xF0, _ports.In(0x0F));
        _ports.Out(0x00, 0x34);
        _ports.Out(0x0C, 0);
        _ports.Out(0x00, 0x78);
        _ports.Out(0x00, 0x56);
        _ports.Out(0x0C, 0);
        Assert.Equal(0x5678, Word(0x00));

        _ports.Out(0x0D, 0);

        Assert.Equal(0xFF, _ports.In(0x0F));
    }

    [Fact]
    public void Spare_page_registers_keep_what_is_written()
    {
        for (var port = 0x80; port < 0x90; port++)
            _ports.Out(port, port);

        for (var port = 0x80; port < 0x90; port++)
            Assert.Equal(port, _ports.In(port));
    }

    [Fact]
    public void It_gets_along_with_the_test_device_without_the_second_controllers_ports()
    {
        var test = new TestDevice(line => _wiring.Line($"gsi{line}"), 0x100_0000, _ => { });

        var ports = new GuestPorts(test, new IsaDmaController(_wiring.Dma, hasSecondPorts: false));

        Assert.Equal(0x100_0000u, ports.In(0xD1, 4));
    }

    /// <summary>Sets a channel of the first controller up, for so many bytes.</summary>
    private void Program(int channel, uint address, int count, int mode)
    {
        _ports.Out(0x0C, 0);
        _ports.Out(channel * 2, (byte)address);
        _ports.Out(channel * 2, (byte)(address >> 8));
        _ports.Out(channel * 2 + 1, count - 1);
        _ports.Out(channel * 2 + 1, (count - 1) >> 8);
        _ports.Out(channel switch { 1 => 0x83, 2 => 0x81, _ => 0x82 }, (byte)(address >> 16));
        _ports.Out(0x0B, mode | channel);
        _ports.Out(0x0A, channel);
    }

    private int Word(int port) => _ports.In(port) | _ports.In(port) << 8;

    private byte[] At(uint address, int length) => _wiring.Memory.Window(new GuestPhysicalAddress(address), length).ToArray();

    private void Put(uint address, byte[] bytes) => _wiring.Memory.TryWrite(new GuestPhysicalAddress(address), bytes);
}
