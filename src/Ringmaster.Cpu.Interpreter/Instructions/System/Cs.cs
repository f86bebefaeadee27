using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>CS.</summary>
internal readonly struct Cs : ISegmentName
{
    /// <inheritdoc/>
    public static int Index => SegmentIndex.Cs;
}
