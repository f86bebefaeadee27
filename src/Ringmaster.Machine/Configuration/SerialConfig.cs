namespace Ringmaster.Machine.Configuration;

/// <summary>What a serial port is plugged into.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Path">The absolute path of a file or socket; null for the other kinds.</param>
public sealed record SerialConfig(SerialKind Kind, string? Path = null)
{
    /// <summary>Standard input and output.</summary>
    public static SerialConfig Stdio { get; } = new(SerialKind.Stdio);

    /// <summary>Nothing.</summary>
    public static SerialConfig None { get; } = new(SerialKind.None);
}
