using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>What a floating-point instruction does to one element. Values are bit patterns: uint for single, ulong for double.</summary>
/// <typeparam name="TSource">The second operand's element.</typeparam>
/// <typeparam name="TResult">The first operand's and the result's element.</typeparam>
internal interface IScalarOperation<TSource, TResult>
{
    /// <summary>Computes one element.</summary>
    /// <param name="left">The first source; operations on one value ignore it.</param>
    /// <param name="right">The second source.</param>
    /// <param name="immediate">The immediate byte.</param>
    /// <param name="context">Rounding, and the exceptions found.</param>
    static abstract TResult Apply(TResult left, TSource right, byte immediate, ref FloatContext context);

    /// <summary>
    /// Computes one element with the host's arithmetic, for default rounding with all exceptions masked. True only if no
    /// exception but inexact can have occurred, and <paramref name="inexact"/> says exactly whether it has.
    /// </summary>
    /// <param name="left">The first source.</param>
    /// <param name="right">The second source.</param>
    /// <param name="inexact">On entry, whether the sticky flag is set already, so that nobody needs to know.</param>
    /// <param name="result">The result.</param>
    static virtual bool TryFast(TResult left, TSource right, ref bool inexact, out TResult result)
    {
        result = default!;
        return false;
    }
}
