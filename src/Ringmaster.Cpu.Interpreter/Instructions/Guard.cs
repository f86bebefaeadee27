namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>
/// What control registers must enable for an instruction (SDM 3A 2.5 and table 2-2; SDM 1 13.1, 14.3). A block checks it
/// once, before its first such instruction: whatever changes those registers ends the block.
/// </summary>
internal enum Guard : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>x87: #NM if CR0.EM or CR0.TS.</summary>
    X87,

    /// <summary>WAIT: #NM if CR0.MP and CR0.TS.</summary>
    Wait,

    /// <summary>MMX: #UD if CR0.EM; #NM if CR0.TS.</summary>
    Mmx,

    /// <summary>Legacy SSE: #UD if CR0.EM or not CR4.OSFXSR; #NM if CR0.TS.</summary>
    Sse,

    /// <summary>VEX-encoded vectors: #UD unless CR4.OSXSAVE and XCR0 enables SSE and AVX; #NM if CR0.TS.</summary>
    Avx,

    /// <summary>FXSAVE and FXRSTOR: #NM if CR0.EM or CR0.TS.</summary>
    Fxsave,

    /// <summary>XSAVE and its kin: #UD unless CR4.OSXSAVE; #NM if CR0.TS.</summary>
    Xsave,
}
