namespace Ringmaster.Machine;

/// <summary>What a machine is doing.</summary>
public enum MachineStatus
{
    /// <summary>It has been assembled and has not run yet.</summary>
    Ready,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>Somebody lets it stand still.</summary>
    Paused,

    /// <summary>Its run has ended.</summary>
    Ended,
}
