namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>What an instruction wants to know of a selector.</summary>
internal enum Inspection
{
    /// <summary>LAR.</summary>
    Rights,

    /// <summary>LSL.</summary>
    Limit,

    /// <summary>VERR.</summary>
    Reading,

    /// <summary>VERW.</summary>
    Writing,
}
