namespace Ringmaster.Devices.Virtio.Console;

/// <summary>A port of a <see cref="VirtioConsole"/>.</summary>
/// <param name="Backend">What it is plugged into.</param>
/// <param name="Name">By what the guest's programs find it; null for a console, which has none.</param>
public sealed record ConsolePort(ISerialBackend Backend, string? Name = null)
{
    /// <summary>Whether the guest is to use it as a console.</summary>
    public bool IsConsole => Name is null;
}
