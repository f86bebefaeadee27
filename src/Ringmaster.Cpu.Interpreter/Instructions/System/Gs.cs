using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>GS.</summary>
internal readonly struct Gs : ISegmentName
{
    /// <inheritdoc/>
    public static int Index => SegmentIndex.Gs;
}
