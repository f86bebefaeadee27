namespace Ringmaster.Machine.Configuration;

/// <summary>A port of the virtio console.</summary>
/// <param name="Backend">What it is plugged into; not <see cref="SerialKind.None"/>.</param>
/// <param name="Name">By what programs in the guest find it; null for a console.</param>
public sealed record ConsoleConfig(SerialConfig Backend, string? Name = null);
