using Ringmaster.Devices.Display;

namespace Ringmaster.Devices.Tests.Display;

/// <summary>Bochs, "VBE Display API"; QEMU, docs/specs/standard-vga.</summary>
public sealed class DispiTests
{
    private const int Id = 0, Width = 1, Height = 2, Enable = 4, Bank = 5, VirtualWidth = 6, VirtualHeight = 7, X = 8, Y = 9, Memory = 10;

    private readonly VgaBoard _board = new(1 << 20);

    [Fact]
    public void A_driver_finds_the_newest_version_and_the_amount_of_memory()
    {
        Assert.Equal(0xB0C5, _board.Dispi(Id));
        _board.SetDispi(Id, 0xB0C2);
        Assert.Equal(0xB0C2, _board.Dispi(Id));
        _board.SetDispi(Id, 0xB0C6);
        Assert.Equal(0xB0C2, _board.Dispi(Id));
        Assert.Equal(16, _board.Dispi(Memory));
    }

    [Fact]
    public void The_most_that_is_possible_is_told_when_asked_for()
    {
        _board.SetDispi(Enable, 0x02);

        Assert.Equal((4096, 4096, 32), (_board.Dispi(Width), _board.Dispi(Height), _board.Dispi(3)));
        _board.SetDispi(Enable, 0);
        Assert.Equal(0, _board.Dispi(Width));
    }

    [Theory]
    [InlineData(8, 0x07, 1, 0x112233)]
    [InlineData(15, 0x7C00 | 0x1F, 2, 0xFF00FF)]
    [InlineData(15, 0x03E0, 2, 0x00FF00)]
    [InlineData(16, 0x07E0, 2, 0x00FF00)]
    [InlineData(16, 0x8010, 2, 0x840084)]
    [InlineData(24, 0x445566, 3, 0x445566)]
    [InlineData(32, 0xFF778899, 4, 0x778899)]
    public void Pixels_lie_one_after_the_other_in_the_linear_frame_buffer(int depth, uint pixel, int size, int colour)
    {
        _board.SetDispiMode(320, 200, depth, 0x61);
        _board.SetColour(7, 0x11, 0x22, 0x33);
        _board.Device.WriteFrameBuffer((ulong)((320 * 3 + 5) * size), size, pixel);

        Assert.Equal(new ScreenSize(320, 200), _board.Device.Size);
        Assert.Equal((uint)colour, _board.Picture()[320 * 3 + 5]);
        Assert.Single(_board.Picture(), p => p != 0);
    }

    [Fact]
    public void Sixteen_colours_have_planes_behind_the_window()
    {
        _board.SetPlanarMode();
        _board.SetDispiMode(800, 600, 4);
        _board.SetSequencer(2, 0x04);
        _board.WriteMemory(0xA0000 + 100 * 599 + 99, 0x01);

        Assert.Equal(new ScreenSize(800, 600), _board.Device.Size);
        Assert.Equal(0xAA0000u, _board.Picture()[^1]);
    }

    [Fact]
    public void A_bank_of_memory_is_in_the_window()
    {
        _board.SetDispiMode(640, 400, 8);
        _board.SetDispi(Bank, 3);
        _board.WriteMemory(0xA0010, 0x1122_3344_5566_7788, 8);

        Assert.Equal(0x1122_3344_5566_7788u, _board.ReadMemory(0xA0010, 8));
        Assert.Equal(0x1122_3344_5566_7788u, _board.Device.ReadFrameBuffer(0x30010, 8));
        Assert.Equal(3, _board.Dispi(Bank));
        _board.SetDispi(Bank, 16 + 2);
        Assert.Equal(2, _board.Dispi(Bank));
    }

    [Fact]
    public void A_picture_can_be_a_part_of_a_larger_one()
    {
        _board.SetDispiMode(320, 200, 8);
        _board.SetDispi(VirtualWidth, 512);
        _board.SetDispi(X, 100);
        _board.SetDispi(Y, 50);
        _board.SetColour(1, 63, 63, 63);
        _board.Device.WriteFrameBuffer(512 * 52 + 103, 1, 1);

        Assert.Equal((512, 2048), (_board.Dispi(VirtualWidth), _board.Dispi(VirtualHeight)));
        Assert.Equal(0xFFFFFFu, _board.Picture()[320 * 2 + 3]);
    }

    [Fact]
    public void What_lies_outside_is_moved_back_inside()
    {
        _board.SetDispiMode(640, 400, 32);

        _board.SetDispi(VirtualWidth, 10);
        Assert.Equal(640, _board.Dispi(VirtualWidth));
        _board.SetDispi(VirtualWidth, 5000);
        Assert.Equal(655, _board.Dispi(VirtualWidth));
        _board.SetDispi(X, 1000);
        _board.SetDispi(Y, 1000);
        Assert.Equal((15, 0), (_board.Dispi(X), _board.Dispi(Y)));
        _board.Picture();
    }

    [Theory]
    [InlineData(0, 200, 8)]
    [InlineData(320, 0, 8)]
    [InlineData(320, 200, 7)]
    [InlineData(320, 200, 64)]
    [InlineData(1024, 1024, 16)]
    [InlineData(4096, 4096, 4)]
    public void A_mode_that_cannot_be_is_not_enabled(int width, int height, int depth)
    {
        _board.SetTextMode();
        _board.SetDispiMode(width, height, depth);

        Assert.Equal(0x40, _board.Dispi(Enable));
        Assert.Equal(new ScreenSize(720, 400), _board.Device.Size);
    }

    [Fact]
    public void Enabling_a_mode_clears_memory_unless_told_not_to()
    {
        _board.SetDispiMode(320, 200, 8);
        _board.Device.WriteFrameBuffer(5, 1, 0xAA);

        _board.SetDispiMode(320, 200, 8, 0xC1);
        Assert.Equal(0xAAu, _board.Device.ReadFrameBuffer(5, 1));
        // To change a mode takes disabling it first.
        _board.SetDispi(Width, 640);
        Assert.Equal(320, _board.Dispi(Width));
        _board.SetDispi(Enable, 0x41);
        Assert.Equal(0xAAu, _board.Device.ReadFrameBuffer(5, 1));
        _board.SetDispiMode(320, 200, 8);
        Assert.Equal(0u, _board.Device.ReadFrameBuffer(5, 1));
    }

    [Fact]
    public void The_same_registers_are_in_memory()
    {
        _board.Device.WriteRegisters(0x502, 4, 200u << 16 | 320);
        _board.Device.WriteRegisters(0x506, 1, 8);
        _board.Device.WriteRegisters(0x508, 2, 0x41);

        Assert.Equal(new ScreenSize(320, 200), _board.Device.Size);
        Assert.Equal(0x0140_B0C5u, _board.Device.ReadRegisters(0x500, 4));
        Assert.Equal(320, _board.Dispi(VirtualWidth));
        Assert.Equal(0u, _board.Device.ReadRegisters(0x600, 8));
    }

    [Fact]
    public void Ports_from_3C0h_on_are_in_memory()
    {
        // Index and data in one access; the display's part of 3C0h blanks the screen.
        _board.Device.WriteRegisters(0x404, 2, 0x0502);
        _board.SetDispiMode(320, 200, 32);
        _board.Device.WriteFrameBuffer(0, 4, 0x123456);
        _board.Device.ReadRegisters(0x41A, 1);
        _board.Device.WriteRegisters(0x400, 1, 0x00);

        _board.Ports.Out(0x3C4, 2);
        Assert.Equal(5, _board.Ports.In(0x3C5));
        Assert.Equal(0u, _board.Picture()[0]);
        _board.Device.WriteRegisters(0x402, 1, 0x01);
        _board.Device.ReadRegisters(0x41A, 1);
        _board.Device.WriteRegisters(0x400, 1, 0x20);
        Assert.Equal(0x123456u, _board.Picture()[0]);
    }

    [Fact]
    public void The_monitor_identifies_itself()
    {
        var block = Enumerable.Range(0, 128).Select(i => (byte)_board.Device.ReadRegisters((ulong)i, 1)).ToArray();

        Assert.Equal([0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00], block[..8]);
        Assert.Equal(0, block.Sum(b => b) & 0xFF);
        Assert.Equal((1280, 800), (block[56] | (block[58] >> 4 << 8), block[59] | (block[61] >> 4 << 8)));
        Assert.Equal(0u, _board.Device.ReadRegisters(128, 8));
    }
}
