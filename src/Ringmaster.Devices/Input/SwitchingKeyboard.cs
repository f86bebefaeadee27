using Ringmaster.Devices.Virtio.Input;

namespace Ringmaster.Devices.Input;

/// <summary>A keyboard that is the guest's virtio keyboard once that has a driver, and its PS/2 keyboard before.</summary>
/// <param name="modern">The virtio keyboard.</param>
/// <param name="other">The keyboard that every guest has a driver for.</param>
public sealed class SwitchingKeyboard(VirtioKeyboard modern, IKeyboardInput other) : IKeyboardInput
{
    private readonly Dictionary<Key, IKeyboardInput> _held = [];

    /// <inheritdoc/>
    public void Press(Key key, bool isDown)
    {
        IKeyboardInput to = modern.IsRunning ? modern : other;
        // A key comes up where it went down.
        if (_held.Remove(key, out var before) && before != to)
        {
            before.Press(key, false);
            if (!isDown)
                return;
        }
        if (isDown)
            _held[key] = to;
        to.Press(key, isDown);
    }
}
