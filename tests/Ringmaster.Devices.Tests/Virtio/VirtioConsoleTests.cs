using System.Text;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Devices.Virtio.Console;

namespace Ringmaster.Devices.Tests.Virtio;

public sealed class VirtioConsoleTests
{
    private const int Receive = 0, Send = 1, ControlReceive = 2, ControlSend = 3, PortReceive = 4, PortSend = 5;
    private const ulong MultiplePorts = 2;

    private readonly RecordingSerialBackend _terminal = new(_ => { }), _channel = new(_ => { });
    private readonly VirtioConsole _console;

    public VirtioConsoleTests() => _console = new VirtioConsole(new ConsolePort(_terminal), new ConsolePort(_channel, "com.example.channel"));

    [Fact]
    public void A_plain_console_passes_bytes_both_ways()
    {
        var guest = new GuestDriver(_console, ~MultiplePorts & ~Rings.VirtioBoard.Packed);
        guest.Offer(Receive, 4);
        guest.Offer(Receive, 100);

        guest.Send(Send, "Hallo"u8);
        Assert.Equal(8, _console.Receive(0, "12345678"u8));

        Assert.Equal("Hallo"u8.ToArray(), _terminal.Sent);
        Assert.Equal(["1234", "5678"], guest.TakeAll(Receive).Select(Encoding.ASCII.GetString));
        Assert.True(guest.Board.WasInterrupted());
    }

    [Fact]
    public void Bytes_that_there_is_no_room_for_come_again()
    {
        var guest = new GuestDriver(_console, ~MultiplePorts & ~Rings.VirtioBoard.Packed);
        guest.Offer(Receive, 3);
        Assert.Equal(3, _console.Receive(0, "12345"u8));
        Assert.Equal(0, _terminal.TimesReady);

        guest.Offer(Receive, 3);

        Assert.Equal(1, _terminal.TimesReady);
        Assert.Equal(2, _console.Receive(0, "45"u8));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(Rings.VirtioBoard.Packed)]
    public void Ports_are_introduced_and_used(ulong packed)
    {
        var guest = new GuestDriver(_console, (ulong.MaxValue & ~Rings.VirtioBoard.Packed) | packed);
        Assert.Equal(2UL, guest.Board.ReadConfig(4, 4));
        guest.Offer(ControlReceive, 64, 16);

        Control(guest, 0xFFFF_FFFF, 0, 1);
        Assert.Equal(["0:1:1:", "1:1:1:"], Messages(guest));
        Control(guest, 0, 3, 1);
        Control(guest, 1, 3, 1);
        Assert.Equal(["0:4:1:", "0:6:1:", "1:7:1:com.example.channel\0", "1:6:1:"], Messages(guest));
        Assert.Equal(0, _console.Receive(1, "early"u8));
        Control(guest, 1, 6, 1);
        Assert.Equal(1, _channel.TimesReady);
        guest.Offer(PortReceive, 10);
        Assert.Equal(4, _console.Receive(1, "late"u8));
        guest.Send(PortSend, "answer"u8);

        Assert.Equal("late"u8.ToArray(), guest.Take(PortReceive));
        Assert.Equal("answer"u8.ToArray(), _channel.Sent);
        Assert.Empty(_terminal.Sent);
    }

    [Fact]
    public void The_size_of_the_terminal_is_told()
    {
        var guest = new GuestDriver(_console);
        guest.Offer(ControlReceive, 64, 16);
        Control(guest, 0, 3, 1);
        Messages(guest);

        _console.Resize(132, 43);

        Assert.Equal((132UL, 43UL), (guest.Board.ReadConfig(0, 2), guest.Board.ReadConfig(2, 2)));
        Assert.Equal(2, guest.Board.TakeInterrupts() & 2);
        Assert.Equal(["0:5:0:\u0084\0+\0"], Messages(guest));
    }

    [Fact]
    public void Messages_wait_for_room_and_go_along_but_are_bounded()
    {
        var guest = new GuestDriver(_console);
        for (var i = 0; i < 1000; i++)
            Control(guest, 0, 3, 1);

        var next = new VirtioConsole(new ConsolePort(_terminal), new ConsolePort(_channel, "com.example.channel"));
        guest.MoveTo(next);
        var count = 0;
        for (var i = 0; i < 1000; i++)
        {
            guest.Offer(ControlReceive, 64);
            count += Messages(guest).Count;
        }

        Assert.InRange(count, 100, 300);
    }

    [Fact]
    public void A_character_can_be_written_before_there_are_queues()
    {
        var board = new Rings.VirtioBoard(_console);

        board.WriteConfig(8, 4, 'x');

        Assert.Equal("x"u8.ToArray(), _terminal.Sent);
    }

    private static void Control(GuestDriver guest, uint port, ushort what, ushort value) =>
        guest.Send(ControlSend, [.. BitConverter.GetBytes(port), .. BitConverter.GetBytes(what), .. BitConverter.GetBytes(value)]);

    private static List<string> Messages(GuestDriver guest) =>
    [
        .. guest.TakeAll(ControlReceive).Select(m =>
            $"{BitConverter.ToUInt32(m)}:{BitConverter.ToUInt16(m, 4)}:{BitConverter.ToUInt16(m, 6)}:{Encoding.Latin1.GetString(m.AsSpan(8))}"),
    ];
}
