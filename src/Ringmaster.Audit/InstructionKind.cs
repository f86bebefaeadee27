namespace Ringmaster.Audit;

/// <summary>Why an instruction is audited.</summary>
public enum InstructionKind
{
    /// <summary>
    /// It shows or uses what belongs to the system and need not trap in user mode: one of the seventeen that Robin and Irvine
    /// ("Analysis of the Intel Pentium's Ability to Support a Secure Virtual Machine Monitor", 2000) name, or CPUID.
    /// </summary>
    Sensitive,

    /// <summary>The same instruction where a control register makes it privileged (CR4.UMIP, CR4.TSD).</summary>
    Guarded,

    /// <summary>It traps in user mode (SDM 3A 5.9).</summary>
    Privileged,
}
