namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>What an operation means for the arithmetic flags that the operations before it leave.</summary>
internal enum FlagEffect : byte
{
    /// <summary>It reads or keeps some, or may end the block: they must be right.</summary>
    Observes,

    /// <summary>It neither reads nor writes them, and the next operation follows in any case.</summary>
    Ignores,

    /// <summary>It sets all six and reads none, and the next operation follows in any case.</summary>
    Replaces,

    /// <summary>As <see cref="Replaces"/>, unless its count is zero.</summary>
    ReplacesIfCounted,
}
