namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>What decides, beside the page tables, whether an access is allowed; each has a TLB table of its own.</summary>
internal enum MmuMode
{
    /// <summary>Privilege level 3.</summary>
    User = 0,

    /// <summary>Privilege level 0 to 2 with SMAP in force: no access to user pages. Implicit accesses too (SDM 3A 4.6.1).</summary>
    Supervisor = 1,

    /// <summary>Privilege level 0 to 2 without SMAP, or with RFLAGS.AC lifting it.</summary>
    SupervisorToUser = 2,

    /// <summary>
    /// Privilege level 3 with alignment checks (CR0.AM and RFLAGS.AC). Its table stays empty, so that every access takes the
    /// slow path, which looks at the alignment.
    /// </summary>
    UserAligned = 3,
}
