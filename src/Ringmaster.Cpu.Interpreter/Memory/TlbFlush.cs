namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>How much of the TLB an instruction invalidates (SDM 3A 4.10.4).</summary>
internal enum TlbFlush
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>Everything but the translations of global pages.</summary>
    AllButGlobal,
}
