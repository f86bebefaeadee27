namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>What two exceptions in a row make (SDM 3A table 6-5).</summary>
internal enum Combination
{
    /// <summary>The second is delivered; the first comes again when its instruction does.</summary>
    Serial,

    /// <summary>#DF.</summary>
    DoubleFault,

    /// <summary>A triple fault.</summary>
    Shutdown,
}
