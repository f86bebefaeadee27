namespace Ringmaster.Audit;

/// <summary>What came of executing an instruction.</summary>
public enum OutcomeKind
{
    /// <summary>It ran, and left a value.</summary>
    Runs,

    /// <summary>It raised an exception or interrupt, and the handler found the state as it should be.</summary>
    Traps,

    /// <summary>The processor halted.</summary>
    Halts,

    /// <summary>A port was written, with a value.</summary>
    WritesPort,

    /// <summary>The handler found another instruction's address on its stack.</summary>
    TrapsElsewhere,

    /// <summary>The processor shut down (a triple fault).</summary>
    ShutsDown,

    /// <summary>Nothing came of it within seconds.</summary>
    NeverEnds,

    /// <summary>Something that no instruction of the audit asks for.</summary>
    Strange,
}
