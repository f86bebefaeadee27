namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>Where the second half of a read-modify-write goes.</summary>
/// <param name="host">The operand in host memory, or null if the store must take the slow path.</param>
internal readonly unsafe struct UpdateTarget(byte* host)
{
    public readonly byte* Host = host;
}
