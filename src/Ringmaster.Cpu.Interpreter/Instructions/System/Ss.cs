using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>SS.</summary>
internal readonly struct Ss : ISegmentName
{
    /// <inheritdoc/>
    public static int Index => SegmentIndex.Ss;
}
