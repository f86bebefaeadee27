using Ringmaster.Devices.Virtio.Input;

namespace Ringmaster.Devices.Input;

/// <summary>A pointer that is the guest's tablet once that has a driver, and its mouse before.</summary>
/// <param name="tablet">The tablet.</param>
/// <param name="mouse">The mouse, which every guest has a driver for.</param>
public sealed class SwitchingPointer(VirtioTablet tablet, IPointerInput mouse) : IPointerInput
{
    private IPointerInput? _held;
    private int _x, _y;

    /// <inheritdoc/>
    public bool IsAbsolute => tablet.IsRunning;

    /// <inheritdoc/>
    public void Move(int x, int y, PointerButtons buttons, int wheel)
    {
        IPointerInput to = tablet.IsRunning ? tablet : mouse;
        // A button that went down on one of them must not stay down when the other takes over.
        if (_held is not null && _held != to)
            _held.Move(_held.IsAbsolute ? _x : 0, _held.IsAbsolute ? _y : 0, PointerButtons.None, 0);
        _held = buttons == PointerButtons.None ? null : to;
        (_x, _y) = (x, y);
        to.Move(x, y, buttons, wheel);
    }
}
