using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>ES.</summary>
internal readonly struct Es : ISegmentName
{
    /// <inheritdoc/>
    public static int Index => SegmentIndex.Es;
}
