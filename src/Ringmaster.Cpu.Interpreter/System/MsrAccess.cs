namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>What the engine has to say to an access of a model-specific register.</summary>
internal enum MsrAccess
{
    /// <summary>It is carried out.</summary>
    Done,

    /// <summary>#GP(0).</summary>
    Refused,

    /// <summary>The register is not the engine's: the run loop decides.</summary>
    Elsewhere,
}
