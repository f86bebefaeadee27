using Ringmaster.Devices.Display;
using Ringmaster.Devices.Input;

namespace Ringmaster.Backends.Display;

/// <summary>What is seen while no machine is connected.</summary>
internal sealed class DarkConsole : IConsole
{
    private static readonly ScreenSize s_size = new(640, 480);

    public bool PointerIsAbsolute => true;

    public ScreenSize Capture(ref uint[] pixels)
    {
        if (pixels.Length < s_size.Pixels)
            pixels = new uint[s_size.Pixels];
        pixels.AsSpan(0, s_size.Pixels).Clear();
        return s_size;
    }

    public void Press(Key key, bool isDown)
    {
    }

    public void Move(int x, int y, PointerButtons buttons, int wheel)
    {
    }
}
