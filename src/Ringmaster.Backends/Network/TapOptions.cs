namespace Ringmaster.Backends.Network;

/// <summary>A TAP interface of the host, and what is to be done with it.</summary>
/// <param name="Name">The interface's name; one that does not exist is made, for as long as the VM runs.</param>
public sealed record TapOptions(string Name)
{
    /// <summary>A bridge of the host to add it to; null for none.</summary>
    public string? Bridge { get; init; }

    /// <summary>A program that sets it up, called with the interface's name once it is there; null for none.</summary>
    public string? Script { get; init; }

    /// <summary>Its largest IP packet, in bytes; null to leave it as it is.</summary>
    public int? Mtu { get; init; }
}
