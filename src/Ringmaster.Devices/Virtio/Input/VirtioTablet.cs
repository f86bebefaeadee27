using Ringmaster.Devices.Input;

namespace Ringmaster.Devices.Virtio.Input;

/// <summary>A tablet: it tells where the pointer is, so that the guest's is where the user's is.</summary>
public sealed class VirtioTablet : VirtioInput, IPointerInput
{
    private const ushort LeftButton = 0x110, RightButton = 0x111, MiddleButton = 0x112;
    private const int End = 32767, WheelCode = 8, MostNotches = 100;

    /// <inheritdoc/>
    public bool IsAbsolute => true;

    /// <inheritdoc/>
    protected override string DeviceName => "Ringmaster Virtio Tablet";

    /// <inheritdoc/>
    protected override ushort Product => 3;

    /// <inheritdoc/>
    public void Move(int x, int y, PointerButtons buttons, int wheel)
    {
        var isNew = Move(Math.Clamp(x, 0, End), Math.Clamp(y, 0, End), Math.Clamp(wheel, -MostNotches, MostNotches));
        isNew |= SetKey(LeftButton, buttons.HasFlag(PointerButtons.Left));
        isNew |= SetKey(RightButton, buttons.HasFlag(PointerButtons.Right));
        isNew |= SetKey(MiddleButton, buttons.HasFlag(PointerButtons.Middle));
        if (isNew)
            EndReport();
    }

    private protected override bool Has(ushort type, int code) => type switch
    {
        InputEvent.Key => code is LeftButton or RightButton or MiddleButton,
        InputEvent.Relative => code == WheelCode,
        InputEvent.Absolute => code < 2,
        _ => false,
    };

    private protected override int AxisEnd(int axis) => axis < 2 ? End : 0;
}
