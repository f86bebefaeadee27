namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>How an instruction ended; what the execution loop does next.</summary>
internal enum Status
{
    /// <summary>Done; go on with the next operation of the block.</summary>
    Next = 0,

    /// <summary>Done; RIP has been set, and the block ends here. For conditional branches: taken.</summary>
    Branch = 1,

    /// <summary>Done; a conditional branch that was not taken. RIP has been set to the next instruction.</summary>
    FallThrough = 2,

    /// <summary>Not done: <see cref="Vcpu.Pending"/> holds the exception. RIP is to stand on this instruction.</summary>
    Fault = 3,

    /// <summary>Not done: <see cref="Vcpu.PendingExit"/> needs an answer, then the instruction is executed again.</summary>
    Exit = 4,

    /// <summary>Done, RIP has been set, and <see cref="Vcpu.PendingExit"/> is to be reported.</summary>
    ExitAfter = 5,
}
