namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>Classes of floating-point values.</summary>
internal enum FloatKind : byte
{
    /// <summary>Positive or negative zero.</summary>
    Zero,

    /// <summary>Any other finite value, denormal ones included.</summary>
    Finite,

    /// <summary>Infinity.</summary>
    Infinity,

    /// <summary>A quiet NaN.</summary>
    QuietNan,

    /// <summary>A signaling NaN.</summary>
    SignalingNan,

    /// <summary>An 80-bit encoding that no arithmetic accepts: unnormal, pseudo-infinity, pseudo-NaN (SDM 1 8.2.2).</summary>
    Unsupported,
}
