namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>Properties of a decoded instruction.</summary>
[Flags]
internal enum OpFlags : ushort
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>The memory operand is formed with 64-bit addresses in 64-bit mode: no limit, no wrap.</summary>
    Flat = 1,

    /// <summary>Effective addresses wrap at 32 bits.</summary>
    Address32 = 2,

    /// <summary>Effective addresses wrap at 16 bits.</summary>
    Address16 = 4,

    /// <summary>LOCK prefix.</summary>
    Lock = 8,

    /// <summary>REP or REPE prefix.</summary>
    Rep = 16,

    /// <summary>REPNE prefix.</summary>
    Repne = 32,

    /// <summary>The instruction has a memory operand.</summary>
    HasMemory = 64,

    /// <summary>The instruction was decoded in 64-bit mode.</summary>
    LongMode = 128,

    /// <summary>A near branch with a 16-bit target.</summary>
    Operand16 = 256,

    /// <summary>Its block has been dropped: a store has hit the code that it was decoded from, or code beside it.</summary>
    Dropped = 512,
}
