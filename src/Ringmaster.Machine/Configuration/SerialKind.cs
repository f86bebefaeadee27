namespace Ringmaster.Machine.Configuration;

/// <summary>What a serial port is plugged into.</summary>
public enum SerialKind
{
    /// <summary>Nothing: bytes out are lost, none come in.</summary>
    None,

    /// <summary>Standard input and output.</summary>
    Stdio,

    /// <summary>A file that takes what the guest writes.</summary>
    File,

    /// <summary>A new pseudo-terminal.</summary>
    Pty,

    /// <summary>A Unix socket that listens.</summary>
    Unix,
}
