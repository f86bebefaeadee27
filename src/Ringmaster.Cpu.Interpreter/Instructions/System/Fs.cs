using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>FS.</summary>
internal readonly struct Fs : ISegmentName
{
    /// <inheritdoc/>
    public static int Index => SegmentIndex.Fs;
}
