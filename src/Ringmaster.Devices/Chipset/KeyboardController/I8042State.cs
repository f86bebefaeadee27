namespace Ringmaster.Devices.Chipset.KeyboardController;

/// <summary>The saved state of an <see cref="I8042"/>.</summary>
/// <param name="Memory">The controller's 32 bytes of RAM; the first is the command byte.</param>
/// <param name="AwaitsParameterOf">A command whose parameter port 60h takes next, or 0.</param>
/// <param name="LastWriteWasCommand">Status bit 3.</param>
/// <param name="OutputBuffer">What port 60h reads.</param>
/// <param name="OutputFull">Status bit 0: the guest has not read it yet.</param>
/// <param name="OutputFromMouse">Status bit 5: it comes from the mouse.</param>
/// <param name="Replies">The controller's own replies not yet in the output buffer; bit 8 marks those for the mouse's side.</param>
/// <param name="A20">The output port's A20 bit.</param>
/// <param name="Keyboard">The keyboard.</param>
/// <param name="Mouse">The mouse.</param>
public sealed record I8042State(
    byte[] Memory,
    byte AwaitsParameterOf,
    bool LastWriteWasCommand,
    byte OutputBuffer,
    bool OutputFull,
    bool OutputFromMouse,
    int[] Replies,
    bool A20,
    Ps2KeyboardState Keyboard,
    Ps2MouseState Mouse);
