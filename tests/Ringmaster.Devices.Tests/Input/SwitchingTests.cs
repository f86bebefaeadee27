using Ringmaster.Devices.Input;
using Ringmaster.Devices.Tests.Virtio.Rings;
using Ringmaster.Devices.Virtio.Input;

namespace Ringmaster.Devices.Tests.Input;

/// <summary>Pointers and keyboards that change over to virtio devices when these have drivers.</summary>
public sealed class SwitchingTests
{
    private readonly List<string> _heard = [];

    [Fact]
    public void The_mouse_moves_until_the_tablet_has_a_driver_and_no_button_stays_down()
    {
        var tablet = new VirtioTablet();
        var board = new VirtioBoard(tablet);
        var pointer = new SwitchingPointer(tablet, new Mouse(_heard));

        pointer.Move(3, -4, PointerButtons.Left, 1);
        var wasAbsolute = pointer.IsAbsolute;
        board.Negotiate(ulong.MaxValue & ~VirtioBoard.Packed);
        board.Ready();
        pointer.Move(1000, 2000, PointerButtons.Left, 0);
        pointer.Move(1001, 2000, PointerButtons.None, 0);

        Assert.Equal((false, true), (wasAbsolute, pointer.IsAbsolute));
        Assert.Equal(["3 -4 Left 1", "0 0 None 0"], _heard);
    }

    [Fact]
    public void A_key_comes_up_on_the_keyboard_where_it_went_down()
    {
        var keyboard = new VirtioKeyboard();
        var board = new VirtioBoard(keyboard);
        var switching = new SwitchingKeyboard(keyboard, new Keyboard(_heard));

        switching.Press(new Key(30), true);
        switching.Press(new Key(31), true);
        board.Negotiate(ulong.MaxValue & ~VirtioBoard.Packed);
        board.Ready();
        switching.Press(new Key(30), false);
        switching.Press(new Key(31), true);
        switching.Press(new Key(31), false);
        switching.Press(new Key(32), true);

        Assert.Equal(["30 down", "31 down", "30 up", "31 up"], _heard);
    }

    private sealed class Mouse(List<string> heard) : IPointerInput
    {
        public bool IsAbsolute => false;

        public void Move(int x, int y, PointerButtons buttons, int wheel) => heard.Add($"{x} {y} {buttons} {wheel}");
    }

    private sealed class Keyboard(List<string> heard) : IKeyboardInput
    {
        public void Press(Key key, bool isDown) => heard.Add($"{key.Code} {(isDown ? "down" : "up")}");
    }
}
