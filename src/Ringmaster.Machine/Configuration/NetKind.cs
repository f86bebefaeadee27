namespace Ringmaster.Machine.Configuration;

/// <summary>What a network device is plugged into.</summary>
public enum NetKind
{
    /// <summary>There is no device at all.</summary>
    None,

    /// <summary>The host's network, as a program without privileges sees it, by passt.</summary>
    User,

    /// <summary>A TAP interface of the host.</summary>
    Tap,

    /// <summary>A switch that VMs of this host share.</summary>
    Switch,
}
