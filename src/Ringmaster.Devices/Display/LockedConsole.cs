using Ringmaster.Devices.Input;

namespace Ringmaster.Devices.Display;

/// <summary>A console of devices that a machine's lock guards.</summary>
/// <param name="machineLock">The machine's lock.</param>
/// <param name="screen">What shows the picture.</param>
/// <param name="keyboard">What takes keys.</param>
/// <param name="pointer">What takes movements.</param>
public sealed class LockedConsole(Lock machineLock, IScreen screen, IKeyboardInput keyboard, IPointerInput pointer) : IConsole
{
    /// <inheritdoc/>
    public bool PointerIsAbsolute
    {
        get
        {
            lock (machineLock)
                return pointer.IsAbsolute;
        }
    }

    /// <inheritdoc/>
    public ScreenSize Capture(ref uint[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        lock (machineLock)
        {
            var size = screen.Size;
            if (pixels.Length < size.Pixels)
                pixels = new uint[size.Pixels];
            screen.Capture(pixels.AsSpan(0, size.Pixels));
            return size;
        }
    }

    /// <inheritdoc/>
    public void Press(Key key, bool isDown)
    {
        lock (machineLock)
            keyboard.Press(key, isDown);
    }

    /// <inheritdoc/>
    public void Move(int x, int y, PointerButtons buttons, int wheel)
    {
        lock (machineLock)
            pointer.Move(x, y, buttons, wheel);
    }
}
