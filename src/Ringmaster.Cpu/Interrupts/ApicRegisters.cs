namespace Ringmaster.Cpu.Interrupts;

/// <summary>The software-visible state of a local APIC, as it changes hands between an engine and the machine.</summary>
public sealed class ApicRegisters
{
    /// <summary>Registers of the page.</summary>
    public const int Count = 64;

    /// <summary>IA32_APIC_BASE.</summary>
    public ulong Base { get; set; }

    /// <summary>IA32_TSC_DEADLINE; 0 while not armed.</summary>
    public ulong TscDeadline { get; set; }

    /// <summary>
    /// The registers by their offset in the page, divided by 16 (SDM 3A table 11-1); the identifier is in the form of the APIC's mode.
    /// </summary>
    public uint[] Page { get; } = new uint[Count];
}
