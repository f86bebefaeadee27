using Ringmaster.Devices.Display;
using Ringmaster.Devices.Input;

namespace Ringmaster.Cli.Tests;

/// <summary>A small orange screen.</summary>
internal sealed class OrangeConsole : IConsole
{
    internal const int Width = 20, Height = 10;

    public bool PointerIsAbsolute => true;

    public ScreenSize Capture(ref uint[] pixels)
    {
        pixels = new uint[Width * Height];
        Array.Fill(pixels, 0xFF8000u);
        return new ScreenSize(Width, Height);
    }

    public void Press(Key key, bool isDown)
    {
    }

    public void Move(int x, int y, PointerButtons buttons, int wheel)
    {
    }
}
