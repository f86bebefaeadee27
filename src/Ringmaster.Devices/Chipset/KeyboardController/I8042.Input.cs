using Ringmaster.Devices.Input;

namespace Ringmaster.Devices.Chipset.KeyboardController;

/// <content>Keyboard and mouse as fingers and hands outside see them.</content>
public sealed partial class I8042
{
    /// <inheritdoc/>
    bool IPointerInput.IsAbsolute => false;

    /// <inheritdoc/>
    /// <remarks>A key that no PS/2 keyboard has does nothing.</remarks>
    void IKeyboardInput.Press(Key key, bool isDown)
    {
        if (!KeyCodes.TryGetScanCode(key, out var code))
            return;
        if (isDown)
            PressKey(code);
        else
            ReleaseKey(code);
    }

    /// <inheritdoc/>
    void IPointerInput.Move(int x, int y, PointerButtons buttons, int wheel)
    {
        _mouse.Turn(wheel);
        // The negative of the least number is itself.
        MoveMouse(x, -Math.Max(y, -int.MaxValue), buttons);
    }
}
