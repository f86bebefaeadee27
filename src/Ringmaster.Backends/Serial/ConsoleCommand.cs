namespace Ringmaster.Backends.Serial;

/// <summary>What a user can tell the VMM, rather than the guest, from the keyboard.</summary>
public enum ConsoleCommand
{
    /// <summary>x: end the run.</summary>
    Leave,

    /// <summary>h: show the keys.</summary>
    Help,

    /// <summary>p: press the guest's power button.</summary>
    PowerButton,

    /// <summary>s: show statistics.</summary>
    Statistics,
}
