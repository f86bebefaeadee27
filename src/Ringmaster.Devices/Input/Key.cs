namespace Ringmaster.Devices.Input;

/// <summary>A key of a keyboard, by where it is and not by what is printed on it.</summary>
/// <param name="Code">The number that Linux gives it (input-event-codes.h, KEY_*), which virtio-input uses as well.</param>
public readonly record struct Key(ushort Code);
