namespace Ringmaster.Cpu.State;

/// <summary>What a vCPU is doing (SDM 3C 24.4.2).</summary>
public enum ActivityState
{
    /// <summary>It executes instructions.</summary>
    Running,

    /// <summary>It has executed HLT and waits for an interrupt.</summary>
    Halted,

    /// <summary>It is an application processor that waits for a start-up IPI.</summary>
    WaitForStartup,

    /// <summary>A triple fault has stopped it until reset.</summary>
    Shutdown,
}
