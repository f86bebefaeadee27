namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>The six numeric exceptions, with the bits that they have in FSW, FCW and MXCSR (SDM 1 4.9.1).</summary>
[Flags]
internal enum FloatExceptions : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Invalid operation.</summary>
    Invalid = 1,

    /// <summary>A source operand is denormal.</summary>
    Denormal = 2,

    /// <summary>Divide by zero.</summary>
    DivideByZero = 4,

    /// <summary>Overflow.</summary>
    Overflow = 8,

    /// <summary>Underflow.</summary>
    Underflow = 16,

    /// <summary>The result is not exact (PE).</summary>
    Inexact = 32,

    /// <summary>Those found before anything is computed; unmasked, they keep the operation from computing.</summary>
    BeforeComputation = Invalid | Denormal | DivideByZero,

    /// <summary>Those found when the result is rounded.</summary>
    AfterComputation = Overflow | Underflow | Inexact,

    /// <summary>All six.</summary>
    All = BeforeComputation | AfterComputation,
}
