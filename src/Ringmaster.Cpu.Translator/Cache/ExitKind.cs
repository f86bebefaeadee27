namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>Why generated code leaves at a place.</summary>
internal enum ExitKind : byte
{
    /// <summary>A direct branch whose target is not linked yet, or whose page must be looked up again. RIP is the target.</summary>
    Branch,

    /// <summary>
    /// A region was entered whose page is not known any more to be mapped as it was. RIP is its start, and may be somewhere else
    /// by now.
    /// </summary>
    Unconfirmed,

    /// <summary>A loop found that the run loop wants to look up. RIP is where it goes on.</summary>
    Poll,

    /// <summary>The instruction at RIP is one for the interpreter.</summary>
    Interpret,

    /// <summary>The interpreter has been called for an instruction, and generated code cannot go on behind it.</summary>
    InPlace,

    /// <summary>The instruction at RIP is an indirect branch whose target the jump cache does not know.</summary>
    IndirectBranch,

    /// <summary>The instruction at RIP is a near return in 64-bit mode that pops nothing else, to where the jump cache knows no region.</summary>
    Return,

    /// <summary>
    /// The operands that were to be checked together from the instruction at RIP on do not lie in one run: a region that checks
    /// each alone goes on there.
    /// </summary>
    Ungroup,

    /// <summary>SYSCALL that generated code did not carry out itself.</summary>
    SystemCall,

    /// <summary>SYSRET that generated code did not carry out itself.</summary>
    SystemReturn,

    /// <summary>The instruction at RIP accesses memory in a way that only the interpreter can carry out, or that faults.</summary>
    Memory,
}
