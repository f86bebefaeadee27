namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>What causes a task switch (SDM 3A table 7-2).</summary>
internal enum TaskSwitchKind
{
    /// <summary>JMP.</summary>
    Jump,

    /// <summary>CALL.</summary>
    Call,

    /// <summary>An exception or interrupt through a task gate; nests like CALL.</summary>
    Event,

    /// <summary>IRET with NT set.</summary>
    Return,
}
