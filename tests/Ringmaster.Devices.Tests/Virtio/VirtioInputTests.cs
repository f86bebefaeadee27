using System.Text;
using Ringmaster.Devices.Input;
using Ringmaster.Devices.Tests.Virtio.Rings;
using Ringmaster.Devices.Virtio.Input;

namespace Ringmaster.Devices.Tests.Virtio;

public sealed class VirtioInputTests
{
    private static readonly Key s_a = new(30), s_shift = new(42);

    [Fact]
    public void Keys_are_told_with_a_report_each()
    {
        var keyboard = new VirtioKeyboard();
        var guest = new GuestDriver(keyboard);
        guest.Offer(0, 8, 64);

        keyboard.Press(s_shift, true);
        keyboard.Press(s_a, true);
        keyboard.Press(s_a, true);
        keyboard.Press(s_a, false);
        keyboard.Press(new Key(0x110), true);

        Assert.Equal(["1:42:1", "0:0:0", "1:30:1", "0:0:0", "1:30:0", "0:0:0"], Events(guest));
        Assert.True(guest.Board.WasInterrupted());
    }

    [Fact]
    public void A_tablet_tells_what_has_changed()
    {
        var tablet = new VirtioTablet();
        var guest = new GuestDriver(tablet);
        guest.Offer(0, 8, 64);

        tablet.Move(100, 0, PointerButtons.None, 0);
        tablet.Move(100, 40000, PointerButtons.Left, 0);
        tablet.Move(100, 40000, PointerButtons.Left, 0);
        tablet.Move(100, 32767, PointerButtons.Middle, -1);

        Assert.True(tablet.IsAbsolute);
        Assert.Equal(["3:0:100", "0:0:0", "3:1:32767", "1:272:1", "0:0:0", "2:8:-1", "1:272:0", "1:274:1", "0:0:0"], Events(guest));
    }

    [Fact]
    public void Events_wait_for_room_and_no_key_stays_down()
    {
        var keyboard = new VirtioKeyboard();
        var guest = new GuestDriver(keyboard);
        for (ushort i = 1; i < 248; i++)
            keyboard.Press(new Key(i), true);
        for (ushort i = 1; i < 248; i++)
            keyboard.Press(new Key(i), false);
        var next = new VirtioKeyboard();
        guest.MoveTo(next);

        var events = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            guest.Offer(0, 8, 16);
            events.AddRange(Events(guest));
        }

        var down = events.Where(e => e.EndsWith(":1", StringComparison.Ordinal)).Select(e => e[..^2]).ToList();
        var up = events.Where(e => e.StartsWith("1:", StringComparison.Ordinal) && e.EndsWith(":0", StringComparison.Ordinal)).Select(e => e[..^2]);
        Assert.Equal(128, down.Count);
        Assert.Equal(down, up);
    }

    [Fact]
    public void The_configuration_says_what_there_is()
    {
        var keyboard = new VirtioBoard(new VirtioKeyboard());
        var tablet = new VirtioBoard(new VirtioTablet());

        Assert.Equal("Ringmaster Virtio Keyboard", Encoding.ASCII.GetString(Window(keyboard, 1, 0)));
        Assert.Equal([6, 0, 0xF4, 0x1A, 3, 0, 1, 0], Window(tablet, 3, 0));
        var keys = Window(keyboard, 0x11, 1);
        Assert.Equal((31, 0xFE, 0xFF), (keys.Length, keys[0], keys[30]));
        Assert.Equal([7], Window(keyboard, 0x11, 0x11));
        Assert.Equal([3], Window(keyboard, 0x11, 0x14));
        Assert.Empty(Window(keyboard, 0x11, 3));
        Assert.Empty(Window(keyboard, 0x12, 0));
        Assert.Equal([3], Window(tablet, 0x11, 3));
        Assert.Equal([0, 1], Window(tablet, 0x11, 2));
        Assert.Equal(35, Window(tablet, 0x11, 1).Length);
        Assert.Equal([0, 0, 0, 0, 0xFF, 0x7F, .. new byte[14]], Window(tablet, 0x12, 1));
        Assert.Empty(Window(tablet, 0x12, 2));
        Assert.Empty(Window(tablet, 0x77, 0));
    }

    private static byte[] Window(VirtioBoard board, byte select, byte subselect)
    {
        board.WriteConfig(0, 1, select);
        board.WriteConfig(1, 1, subselect);
        return [.. Enumerable.Range(0, (int)board.ReadConfig(2, 1)).Select(i => (byte)board.ReadConfig(8 + i, 1))];
    }

    private static List<string> Events(GuestDriver guest) =>
        [.. guest.TakeAll(0).Select(e => $"{BitConverter.ToUInt16(e)}:{BitConverter.ToUInt16(e, 2)}:{BitConverter.ToInt32(e, 4)}")];
}
