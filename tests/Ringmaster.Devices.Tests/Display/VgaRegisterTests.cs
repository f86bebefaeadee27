using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Display;

namespace Ringmaster.Devices.Tests.Display;

/// <summary>IBM PS/2 Hardware Interface Technical Reference, "Video Subsystem".</summary>
public sealed class VgaRegisterTests
{
    private readonly VgaBoard _board = new();

    [Theory]
    [InlineData(0x3C4, 0, 0x03)]
    [InlineData(0x3C4, 1, 0x3D)]
    [InlineData(0x3C4, 2, 0x0F)]
    [InlineData(0x3C4, 3, 0x3F)]
    [InlineData(0x3C4, 4, 0x0E)]
    [InlineData(0x3CE, 0, 0x0F)]
    [InlineData(0x3CE, 3, 0x1F)]
    [InlineData(0x3CE, 4, 0x03)]
    [InlineData(0x3CE, 6, 0x0F)]
    [InlineData(0x3CE, 8, 0xFF)]
    [InlineData(0x3D4, 0x0E, 0xFF)]
    [InlineData(0x3D4, 0x18, 0xFF)]
    public void Registers_keep_the_bits_that_they_have(int port, int index, int kept)
    {
        _board.Ports.Out(0x3C2, 0x01);
        _board.Ports.Out(port, index);
        _board.Ports.Out(port + 1, 0xFF);

        Assert.Equal(kept, _board.Ports.In(port + 1));
        Assert.Equal(index, _board.Ports.In(port));
    }

    [Fact]
    public void The_attribute_controller_takes_index_and_data_in_turn_and_the_status_register_starts_with_the_index()
    {
        _board.Ports.Out(0x3C2, 0x01);
        _board.Ports.In(0x3DA);
        _board.Ports.Out(0x3C0, 0x01);
        _board.Ports.Out(0x3C0, 0x2A);
        _board.Ports.Out(0x3C0, 0x02);
        _board.Ports.In(0x3DA);
        _board.Ports.Out(0x3C0, 0x01);

        Assert.Equal(0x2A, _board.Ports.In(0x3C1));
        Assert.Equal(0x01, _board.Ports.In(0x3C0));
    }

    [Fact]
    public void The_miscellaneous_register_says_where_the_CRT_controller_answers()
    {
        _board.Ports.Out(0x3C2, 0x01);
        _board.Ports.Out(0x3D4, 0x0E);
        _board.Ports.Out(0x3D5, 0x12);
        Assert.Equal(0xFF, _board.Ports.In(0x3B5));
        Assert.Equal(0x01, _board.Ports.In(0x3CC));

        _board.Ports.Out(0x3C2, 0x00);

        Assert.Equal(0xFF, _board.Ports.In(0x3D5));
        Assert.Equal(0x12, _board.Ports.In(0x3B5));
        _board.Ports.Out(0x3BA, 0x05);
        Assert.Equal(0x05, _board.Ports.In(0x3CA));
    }

    [Fact]
    public void Timing_registers_are_protected_but_for_a_bit_of_the_line_compare()
    {
        _board.SetTextMode();
        _board.SetCrtc(0x07, 0x1F);
        Assert.Equal(0x8E, Crtc(0x11));

        _board.SetCrtc(0x00, 0x00);
        _board.SetCrtc(0x07, 0xEF);

        Assert.Equal(0x5F, Crtc(0x00));
        Assert.Equal(0x0F, Crtc(0x07));
        _board.SetCrtc(0x11, 0x0E);
        _board.SetCrtc(0x00, 0x60);
        Assert.Equal(0x60, Crtc(0x00));
    }

    [Fact]
    public void The_colour_table_counts_through_parts_and_colours()
    {
        _board.SetColour(0x10, 0x3F, 0x7F, 0x01);
        _board.Ports.Out(0x3C9, 0x05);
        Assert.Equal(0x11, _board.Ports.In(0x3C8));
        Assert.Equal(0x00, _board.Ports.In(0x3C7));

        _board.Ports.Out(0x3C7, 0x10);

        Assert.Equal(0x03, _board.Ports.In(0x3C7));
        Assert.Equal([0x3F, 0x3F, 0x01, 0x05], Enumerable.Range(0, 4).Select(_ => (int)_board.Ports.In(0x3C9)));
    }

    [Fact]
    public void Port_3C3_takes_the_whole_adapter_away()
    {
        _board.SetTextMode();
        _board.WriteMemory(0xB8000, 0x41);

        _board.Ports.Out(0x3C3, 0);

        Assert.Equal(0xFF, _board.Ports.In(0x3CC));
        Assert.Equal(0xFF, _board.ReadMemory(0xB8000));
        _board.Ports.Out(0x3C3, 1);
        Assert.Equal(0x67, _board.Ports.In(0x3CC));
        Assert.Equal(0x41, _board.ReadMemory(0xB8000));
    }

    [Fact]
    public void Retraces_come_70_times_a_second_in_text_modes()
    {
        _board.SetTextMode();
        var retraces = 0;
        var was = true;
        for (var i = 0; i < 100_000; i++)
        {
            _board.Clock.Advance(10_000);
            var status = _board.Ports.In(0x3DA);
            var isRetrace = (status & 0x08) != 0;
            // In a retrace nothing is displayed.
            Assert.True(!isRetrace || (status & 0x01) != 0);
            retraces += isRetrace && !was ? 1 : 0;
            was = isRetrace;
        }

        Assert.InRange(retraces, 69, 71);
    }

    [Fact]
    public void Retraces_come_and_go_also_without_a_mode()
    {
        var seen = new HashSet<int>();
        for (var i = 0; i < 2000; i++)
        {
            _board.Clock.Advance(10_000);
            _board.Ports.Out(0x3C2, 0x01);
            seen.Add(_board.Ports.In(0x3DA) & 0x09);
        }

        Assert.Equal([0, 1, 9], seen.Order());
        Assert.Equal(new ScreenSize(640, 480), _board.Device.Size);
    }

    [Fact]
    public void A_colour_monitor_is_sensed() => Assert.Equal(0x10, _board.Ports.In(0x3C2) & 0x10);

    [Fact]
    public void The_printer_port_in_the_middle_is_left_to_others() => Assert.DoesNotContain(
        _board.Device.PortRanges, range => range.First.Value <= 0x3BE && range.Last.Value >= 0x3BC);

    private int Crtc(int index)
    {
        _board.Ports.Out(0x3D4, index);
        return _board.Ports.In(0x3D5);
    }
}
