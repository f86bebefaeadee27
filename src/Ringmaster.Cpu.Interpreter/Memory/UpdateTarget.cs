namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>Where the second half of a read-modify-write goes.</summary>
/// <param name="host">The operand in host memory, or null if the store must take the slow path.</param>
/// <param name="linear">Its linear address.</param>
/// <param name="segment">The segment it came through.</param>
internal readonly unsafe struct UpdateTarget(byte* host, ulong linear, int segment)
{
    public readonly byte* Host = host;
    public readonly ulong Linear = linear;
    public readonly int Segment = segment;
}
