namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>What an instruction does to memory.</summary>
internal enum AccessKind
{
    /// <summary>A load.</summary>
    Read,

    /// <summary>A store, or the load of a read-modify-write.</summary>
    Write,

    /// <summary>An instruction fetch.</summary>
    Execute,
}
