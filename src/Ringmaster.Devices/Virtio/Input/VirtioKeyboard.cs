using Ringmaster.Devices.Input;

namespace Ringmaster.Devices.Virtio.Input;

/// <summary>A keyboard. The guest repeats keys by itself, as for every keyboard that says it can.</summary>
public sealed class VirtioKeyboard : VirtioInput, IKeyboardInput
{
    // Numbers from 100h on are buttons, of which a keyboard must have none: systems would take it for a mouse.
    private const int FirstKey = 1, EndOfKeys = 0xF8, Lamps = 3;

    /// <inheritdoc/>
    protected override string DeviceName => "Ringmaster Virtio Keyboard";

    /// <inheritdoc/>
    protected override ushort Product => 1;

    /// <inheritdoc/>
    public void Press(Key key, bool isDown)
    {
        if (SetKey(key.Code, isDown))
            EndReport();
    }

    private protected override bool Has(ushort type, int code) => type switch
    {
        InputEvent.Key => code is >= FirstKey and < EndOfKeys,
        InputEvent.Led => code < Lamps,
        InputEvent.Repeat => code < 2,
        _ => false,
    };
}
