using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>DS.</summary>
internal readonly struct Ds : ISegmentName
{
    /// <inheritdoc/>
    public static int Index => SegmentIndex.Ds;
}
