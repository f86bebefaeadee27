namespace Ringmaster.Devices.Apic;

/// <summary>What an interrupt message does at its destination (SDM 3A 11.6.1).</summary>
public enum DeliveryMode : byte
{
    /// <summary>Delivers the vector to every destination.</summary>
    Fixed = 0,

    /// <summary>Delivers the vector to the one destination that runs at the lowest priority.</summary>
    LowestPriority = 1,

    /// <summary>System-management interrupt; the vector is ignored.</summary>
    Smi = 2,

    /// <summary>Not defined; such messages are dropped.</summary>
    Reserved = 3,

    /// <summary>Non-maskable interrupt; the vector is ignored.</summary>
    Nmi = 4,

    /// <summary>INIT: resets the processor into its wait-for-start-up state.</summary>
    Init = 5,

    /// <summary>Start-up IPI; the vector is the page at which execution starts.</summary>
    Startup = 6,

    /// <summary>The 8259 supplies the vector.</summary>
    ExtInt = 7,
}
