namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Faults of system operations, with the error codes of SDM 3A 6.13.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>The EXT bit of error codes: 1 while an event is delivered that no software interrupt instruction caused.</summary>
    private uint _externalEvent;

    /// <summary>Makes a fault pending.</summary>
    /// <returns>Always false, for the caller to pass on.</returns>
    private bool Fail(Vector vector, uint errorCode)
    {
        Raise(vector, errorCode | _externalEvent);
        return false;
    }

    /// <summary>Makes a fault pending whose error code names a segment.</summary>
    /// <returns>Always false, for the caller to pass on.</returns>
    private bool FailSelector(Vector vector, ushort selector) => Fail(vector, selector & 0xFFFCu);

    private Status StatusOf(bool done) => done ? Status.Branch : FaultOrExit;

    internal static bool IsNull(ushort selector) => (selector & 0xFFFC) == 0;
}
