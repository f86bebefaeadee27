using Ringmaster.Devices.Display;
using Ringmaster.Devices.Input;

namespace Ringmaster.Backends.Display;

/// <summary>A client's pointer on its way to the guest, as positions for a tablet and as movements for a mouse.</summary>
/// <param name="console">The guest's console.</param>
internal sealed class RfbPointer(Func<IConsole> console)
{
    private const int LastOfTablet = 32767, NoMovement = 0x7FFF;
    private const byte Left = 1, Middle = 2, Right = 4, WheelAway = 8, WheelNear = 16;

    private (int X, int Y)? _last;
    private byte _mask;
    private PointerButtons _buttons;

    /// <summary>The client's pointer is somewhere (RFC 6143, 7.5.5).</summary>
    /// <param name="x">Pixels from the left, or a movement where <paramref name="isMovement"/>.</param>
    /// <param name="y">Pixels from the top, or a movement.</param>
    /// <param name="mask">The buttons that are down; turns of the wheel are buttons too.</param>
    /// <param name="screen">The size of the client's picture.</param>
    /// <param name="isMovement">Whether the client was told to send movements (rfbproto, "QEMU Pointer Motion Change").</param>
    internal void Move(int x, int y, byte mask, ScreenSize screen, bool isMovement)
    {
        var pressed = mask & ~_mask;
        var wheel = ((pressed & WheelAway) != 0 ? 1 : 0) - ((pressed & WheelNear) != 0 ? 1 : 0);
        _mask = mask;
        _buttons = ((mask & Left) != 0 ? PointerButtons.Left : 0) | ((mask & Middle) != 0 ? PointerButtons.Middle : 0)
            | ((mask & Right) != 0 ? PointerButtons.Right : 0);
        var guest = console();
        if (isMovement)
        {
            _last = null;
            guest.Move(x - NoMovement, y - NoMovement, _buttons, wheel);
        }
        else if (guest.PointerIsAbsolute)
        {
            _last = (x, y);
            guest.Move(OnTablet(x, screen.Width), OnTablet(y, screen.Height), _buttons, wheel);
        }
        else
        {
            // The first position says nothing of a movement.
            var (fromX, fromY) = _last ?? (x, y);
            _last = (x, y);
            guest.Move(x - fromX, y - fromY, _buttons, wheel);
        }
    }

    /// <summary>Lets all buttons come up.</summary>
    internal void ReleaseAll(ScreenSize screen)
    {
        if (_buttons == PointerButtons.None)
            return;
        var (x, y) = _last ?? (NoMovement, NoMovement);
        Move(x, y, 0, screen, isMovement: _last is null);
    }

    private static int OnTablet(int at, int pixels) => (int)((long)Math.Min(at, pixels - 1) * LastOfTablet / Math.Max(1, pixels - 1));
}
