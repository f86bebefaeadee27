namespace Ringmaster.Devices.Virtio.Input;

/// <summary>An event as Linux knows it (virtio 1.2 section 5.8.6; Linux, input-event-codes.h).</summary>
/// <param name="Type">EV_*.</param>
/// <param name="Code">What of that type.</param>
/// <param name="Value">Its value.</param>
public readonly record struct InputEvent(ushort Type, ushort Code, int Value)
{
    internal const ushort Synchronize = 0, Key = 1, Relative = 2, Absolute = 3, Led = 0x11, Repeat = 0x14;

    /// <summary>What ends a report.</summary>
    internal static InputEvent Report => new(Synchronize, 0, 0);
}
