using Ringmaster.Devices.Input;

namespace Ringmaster.Devices.Display;

/// <summary>
/// A machine's screen, keyboard and pointer for somebody outside. Called from any thread, without the machine's lock, which each
/// call takes.
/// </summary>
public interface IConsole
{
    /// <summary>See <see cref="IPointerInput.IsAbsolute"/>.</summary>
    bool PointerIsAbsolute { get; }

    /// <summary>Copies what is shown now.</summary>
    /// <param name="pixels">Takes the picture, as <see cref="IScreen.Capture"/> has it; replaced by a longer array if it is too short.</param>
    /// <returns>The picture's size.</returns>
    ScreenSize Capture(ref uint[] pixels);

    /// <summary>See <see cref="IKeyboardInput.Press"/>.</summary>
    void Press(Key key, bool isDown);

    /// <summary>See <see cref="IPointerInput.Move"/>.</summary>
    void Move(int x, int y, PointerButtons buttons, int wheel);
}
