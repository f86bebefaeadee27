using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>
/// Arithmetic by the host's instructions, for normal numbers and zeros with results well inside the normal range: there only
/// inexact can occur, and an exact residue tells whether it has. Each method returns false for all other cases.
/// </summary>
internal static class HostArithmetic
{
    private const ulong Exponent64 = 0x7FF0_0000_0000_0000, Magnitude64 = ~(1UL << 63);
    private const uint Exponent32 = 0x7F80_0000, Magnitude32 = ~(1U << 31);

    // Far enough from both ends that neither a rounded result nor a residue of 53 bits below it leaves the normal range.
    private const ulong Smallest64 = 0x0800_0000_0000_0000, Largest64 = 0x7FD0_0000_0000_0000;
    private const uint Smallest32 = 0x0100_0000, Largest32 = 0x7F00_0000;

    /// <summary>Neither denormal, infinite nor a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNormalOrZero(ulong value) =>
        (value & Magnitude64) - 0x0010_0000_0000_0000 < Exponent64 - 0x0010_0000_0000_0000 || (value & Magnitude64) == 0;

    /// <summary>Neither denormal, infinite nor a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNormalOrZero(uint value) =>
        (value & Magnitude32) - 0x0080_0000 < Exponent32 - 0x0080_0000 || (value & Magnitude32) == 0;

    public static bool Add(ulong left, ulong right, ref bool inexact, out ulong result)
    {
        var (a, b) = (BitConverter.UInt64BitsToDouble(left), BitConverter.UInt64BitsToDouble(right));
        var sum = a + b;
        result = BitConverter.DoubleToUInt64Bits(sum);
        if (!IsNormalOrZero(left) || !IsNormalOrZero(right) || !(IsInside(result) || sum == 0))
            return false;
        if (!inexact)
        {
            // The error of a sum, exact in this range whatever the order of magnitudes (Knuth, TAOCP 2 4.2.2 theorem B).
            var virtualB = sum - a;
            inexact = a - (sum - virtualB) + (b - virtualB) != 0;
        }
        return true;
    }

    public static bool Add(uint left, uint right, ref bool inexact, out uint result)
    {
        var (a, b) = (BitConverter.UInt32BitsToSingle(left), BitConverter.UInt32BitsToSingle(right));
        var sum = a + b;
        result = BitConverter.SingleToUInt32Bits(sum);
        if (!IsNormalOrZero(left) || !IsNormalOrZero(right) || !(IsInside(result) || sum == 0))
            return false;
        if (!inexact)
        {
            var virtualB = (double)sum - a;
            // In double precision the first difference is exact unless the operands are so far apart that the sum is one of them.
            inexact = virtualB != b || (double)sum - virtualB != a;
        }
        return true;
    }

    public static bool Multiply(ulong left, ulong right, ref bool inexact, out ulong result)
    {
        var (a, b) = (BitConverter.UInt64BitsToDouble(left), BitConverter.UInt64BitsToDouble(right));
        var product = a * b;
        result = BitConverter.DoubleToUInt64Bits(product);
        if (!IsNormalOrZero(left) || !IsNormalOrZero(right))
            return false;
        if (a == 0 || b == 0)
            return true;
        if (!IsInside(result))
            return false;
        inexact = inexact || Math.FusedMultiplyAdd(a, b, -product) != 0;
        return true;
    }

    public static bool Multiply(uint left, uint right, ref bool inexact, out uint result)
    {
        var (a, b) = (BitConverter.UInt32BitsToSingle(left), BitConverter.UInt32BitsToSingle(right));
        var product = a * b;
        result = BitConverter.SingleToUInt32Bits(product);
        if (!IsNormalOrZero(left) || !IsNormalOrZero(right))
            return false;
        if (a == 0 || b == 0)
            return true;
        if (!IsInside(result))
            return false;
        // 48 bits fit into a double.
        inexact = inexact || (double)a * b != product;
        return true;
    }

    public static bool Divide(ulong left, ulong right, ref bool inexact, out ulong result)
    {
        var (a, b) = (BitConverter.UInt64BitsToDouble(left), BitConverter.UInt64BitsToDouble(right));
        var quotient = a / b;
        result = BitConverter.DoubleToUInt64Bits(quotient);
        if (!IsInside(left) || !IsInside(right) || !IsInside(result))
            return false;
        inexact = inexact || Math.FusedMultiplyAdd(quotient, b, -a) != 0;
        return true;
    }

    public static bool Divide(uint left, uint right, ref bool inexact, out uint result)
    {
        var (a, b) = (BitConverter.UInt32BitsToSingle(left), BitConverter.UInt32BitsToSingle(right));
        var quotient = a / b;
        result = BitConverter.SingleToUInt32Bits(quotient);
        if (!IsInside(left) || !IsInside(right) || !IsInside(result))
            return false;
        inexact = inexact || (double)quotient * b != a;
        return true;
    }

    public static bool SquareRoot(ulong value, ref bool inexact, out ulong result)
    {
        var number = BitConverter.UInt64BitsToDouble(value);
        var root = Math.Sqrt(number);
        result = BitConverter.DoubleToUInt64Bits(root);
        if ((long)value < 0 || !IsInside(value))
            return false;
        inexact = inexact || Math.FusedMultiplyAdd(root, root, -number) != 0;
        return true;
    }

    public static bool SquareRoot(uint value, ref bool inexact, out uint result)
    {
        var number = BitConverter.UInt32BitsToSingle(value);
        var root = MathF.Sqrt(number);
        result = BitConverter.SingleToUInt32Bits(root);
        if ((int)value < 0 || !IsInside(value))
            return false;
        inexact = inexact || (double)root * root != number;
        return true;
    }

    private static bool IsInside(ulong value) => (value & Magnitude64) - Smallest64 < Largest64 - Smallest64;

    private static bool IsInside(uint value) => (value & Magnitude32) - Smallest32 < Largest32 - Smallest32;
}
