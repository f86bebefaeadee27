namespace Ringmaster.Devices.Input;

/// <summary>Mouse buttons, placed as in the first byte of a PS/2 packet.</summary>
[Flags]
public enum PointerButtons
{
    /// <summary>None is pressed.</summary>
    None = 0,

    /// <summary>The left button.</summary>
    Left = 1,

    /// <summary>The right button.</summary>
    Right = 2,

    /// <summary>The middle button.</summary>
    Middle = 4,
}
