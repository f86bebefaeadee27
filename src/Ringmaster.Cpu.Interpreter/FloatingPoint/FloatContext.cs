using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>
/// What an operation depends on besides its operands, and what it reports besides its result. One context serves one
/// instruction; a packed instruction passes the same one to each element.
/// </summary>
internal struct FloatContext
{
    /// <summary>How results are rounded.</summary>
    public FloatRounding Rounding;

    /// <summary>Exceptions whose masks are set.</summary>
    public FloatExceptions Masked;

    /// <summary>Exceptions found so far; starts empty and is never the sticky register itself.</summary>
    public FloatExceptions Raised;

    private FloatExceptions _earlier;

    /// <summary>Significant bits of x87 results: 24, 53 or 64 (SDM 1 8.1.5.2).</summary>
    public byte Precision;

    /// <summary>MXCSR.FTZ: tiny results become zero while underflow is masked.</summary>
    public bool FlushToZero;

    /// <summary>MXCSR.DAZ: denormal operands count as zero.</summary>
    public bool DenormalsAreZero;

    /// <summary>The x87's rules hold: choice between NaNs, biased results of unmasked overflow and underflow.</summary>
    public bool IsX87;

    /// <summary>The last rounding made the significand larger: what C1 reports.</summary>
    public bool RoundedUp;

    /// <summary>An exception was found that is not masked.</summary>
    public readonly bool HasUnmasked => (Raised & ~Masked) != 0;

    /// <summary>An unmasked exception was found that keeps the operation from producing anything.</summary>
    public readonly bool IsAbandoned => (Raised & ~Masked & FloatExceptions.BeforeComputation) != 0;

    /// <summary>
    /// What goes into the sticky flags: when an operand's exception is unmasked in any element, no element reports what
    /// rounding found (SDM 1 11.5.1, E.4.1).
    /// </summary>
    public readonly FloatExceptions Reported =>
        _earlier | (IsAbandoned ? Raised & FloatExceptions.BeforeComputation : Raised);

    /// <summary>
    /// Between two steps of an operation that rounds several times: what the earlier one raised stays reported, whatever the
    /// next one finds.
    /// </summary>
    /// <returns>False if an unmasked exception ends the operation here.</returns>
    public bool TryNextStep()
    {
        if (HasUnmasked)
            return false;
        _earlier |= Raised;
        Raised = 0;
        return true;
    }

    /// <summary>The context of an SSE or AVX instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatContext FromMxcsr(uint mxcsr) => new()
    {
        Rounding = (FloatRounding)(mxcsr >> 13 & 3),
        Masked = (FloatExceptions)(mxcsr >> 7) & FloatExceptions.All,
        Precision = 64,
        FlushToZero = (mxcsr & 0x8000) != 0,
        DenormalsAreZero = (mxcsr & 0x40) != 0,
    };

    /// <summary>The context of an x87 instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatContext FromControlWord(ushort controlWord) => new()
    {
        Rounding = (FloatRounding)(controlWord >> 10 & 3),
        Masked = (FloatExceptions)controlWord & FloatExceptions.All,
        // Precision control 01 is reserved; processors treat it as the full precision.
        Precision = (controlWord >> 8 & 3) switch { 0 => 24, 2 => 53, _ => 64 },
        IsX87 = true,
    };

    /// <summary>Records exceptions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raise(FloatExceptions exceptions) => Raised |= exceptions;
}
