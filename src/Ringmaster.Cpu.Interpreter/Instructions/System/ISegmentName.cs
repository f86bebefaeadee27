namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>A segment register as a type argument.</summary>
internal interface ISegmentName
{
    /// <summary>Its index.</summary>
    static abstract int Index { get; }
}
