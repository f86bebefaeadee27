namespace Ringmaster.Cpu.Kvm;

/// <summary>Which interrupt controllers the kernel has.</summary>
public enum KvmIrqchip
{
    /// <summary>None: all are the machine's.</summary>
    User,

    /// <summary>The local APICs; 8259, I/O APIC and timers are the machine's.</summary>
    Split,

    /// <summary>The local APICs, the 8259 pair and the I/O APIC; timers are the machine's.</summary>
    Kernel,
}
