namespace Ringmaster.Cpu.Models;

/// <summary>What WRMSR does to a register of a model, and whether RDMSR may read it.</summary>
public enum MsrAccess
{
    /// <summary>A write raises #GP(0).</summary>
    ReadOnly,

    /// <summary>A write is accepted and changes nothing.</summary>
    IgnoreWrites,

    /// <summary>A write that would change a bit outside the mask raises #GP(0).</summary>
    Writable,

    /// <summary>A write changes the bits in the mask; the others keep their values without a fault.</summary>
    WritableLenient,

    /// <summary>Zero may be written; anything else raises #GP(0).</summary>
    ClearOnly,

    /// <summary>A read raises #GP(0); so does a write of a bit outside the mask. A write is a command and stores nothing.</summary>
    WriteOnly,
}
