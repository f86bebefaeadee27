namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>How the first of two values relates to the second.</summary>
internal enum FloatRelation : byte
{
    /// <summary>Greater than.</summary>
    Greater,

    /// <summary>Less than.</summary>
    Less,

    /// <summary>Equal; zeros of either sign are.</summary>
    Equal,

    /// <summary>One of them is a NaN.</summary>
    Unordered,
}
