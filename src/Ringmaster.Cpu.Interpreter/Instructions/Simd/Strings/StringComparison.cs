using System.Numerics;
using System.Runtime.Intrinsics;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Strings;

/// <summary>The comparison that PCMPESTRI and its kin have in common (SDM 2B 4.1).</summary>
internal readonly struct StringComparison
{
    private readonly byte _control;

    /// <summary>Compares.</summary>
    /// <param name="left">The set, the ranges or the needle.</param>
    /// <param name="right">The text.</param>
    /// <param name="leftLength">Valid elements of the first operand.</param>
    /// <param name="rightLength">Valid elements of the second.</param>
    /// <param name="control">The immediate byte.</param>
    public StringComparison(Vector128<byte> left, Vector128<byte> right, int leftLength, int rightLength, byte control)
    {
        _control = control;
        LeftLength = leftLength;
        RightLength = rightLength;
        var raw = (control & 3) switch
        {
            0 => Aggregate(left, right),
            1 => Aggregate(left.AsUInt16(), right.AsUInt16()),
            2 => Aggregate(left.AsSByte(), right.AsSByte()),
            _ => Aggregate(left.AsInt16(), right.AsInt16()),
        };
        var valid = (1u << rightLength) - 1;
        var all = (1u << ElementsOf(control)) - 1;
        Result = ((control >> 4) & 3) switch
        {
            1 => raw ^ all,
            3 => raw ^ (valid & all),
            _ => raw,
        };
    }

    /// <summary>One bit for each element of the text, after polarity (IntRes2).</summary>
    public uint Result { get; }

    private int LeftLength { get; }

    private int RightLength { get; }

    /// <summary>Elements of an operand.</summary>
    public int Elements => ElementsOf(_control);

    /// <summary>The operand's text ends within it.</summary>
    public bool IsRightShort => RightLength < Elements;

    /// <summary>The first operand ends within its register.</summary>
    public bool IsLeftShort => LeftLength < Elements;

    /// <summary>The index that PCMPxSTRI reports.</summary>
    public int Index => Result == 0 ? Elements
        : (_control & 0x40) != 0 ? 31 - BitOperations.LeadingZeroCount(Result) : BitOperations.TrailingZeroCount(Result);

    /// <summary>The mask that PCMPxSTRM writes: bits, or whole elements.</summary>
    public Vector128<byte> Mask
    {
        get
        {
            if ((_control & 0x40) == 0)
                return Vector128.CreateScalar(Result).AsByte();
            var mask = Vector128<byte>.Zero;
            for (var i = 0; i < 16; i++)
                mask = mask.WithElement(i, (Result >> (i * Elements / 16) & 1) != 0 ? byte.MaxValue : (byte)0);
            return mask;
        }
    }

    /// <summary>Elements of an operand in the format that the immediate names.</summary>
    public static int ElementsOf(byte control) => (control & 1) != 0 ? 8 : 16;

    /// <summary>Elements before the first zero.</summary>
    public static int ImplicitLength(Vector128<byte> text, byte control)
    {
        var zeros = (control & 1) != 0
            ? Vector128.Equals(text.AsUInt16(), Vector128<ushort>.Zero).ExtractMostSignificantBits()
            : Vector128.Equals(text, Vector128<byte>.Zero).ExtractMostSignificantBits();
        return Math.Min(BitOperations.TrailingZeroCount(zeros), ElementsOf(control));
    }

    private uint Aggregate<T>(Vector128<T> left, Vector128<T> right) where T : unmanaged, INumber<T> => ((_control >> 2) & 3) switch
    {
        0 => EqualAny(left, right),
        1 => Ranges(left, right),
        2 => EqualEach(left, right),
        _ => EqualOrdered(left, right),
    };

    private uint EqualAny<T>(Vector128<T> left, Vector128<T> right) where T : unmanaged, INumber<T>
    {
        var result = 0u;
        for (var i = 0; i < LeftLength; i++)
            result |= Vector128.Equals(right, Vector128.Create(left.GetElement(i))).ExtractMostSignificantBits();
        return result & ((1u << RightLength) - 1);
    }

    private uint Ranges<T>(Vector128<T> left, Vector128<T> right) where T : unmanaged, INumber<T>
    {
        var result = 0u;
        for (var i = 0; i + 1 < LeftLength; i += 2)
        {
            result |= (Vector128.GreaterThanOrEqual(right, Vector128.Create(left.GetElement(i)))
                & Vector128.LessThanOrEqual(right, Vector128.Create(left.GetElement(i + 1)))).ExtractMostSignificantBits();
        }
        return result & ((1u << RightLength) - 1);
    }

    // Two ends match each other; an end matches nothing else.
    private uint EqualEach<T>(Vector128<T> left, Vector128<T> right) where T : unmanaged, INumber<T>
    {
        var all = (1u << Elements) - 1;
        var (leftValid, rightValid) = ((1u << LeftLength) - 1, (1u << RightLength) - 1);
        var equal = Vector128.Equals(left, right).ExtractMostSignificantBits();
        return ((equal & leftValid & rightValid) | ~(leftValid | rightValid)) & all;
    }

    // A needle that reaches beyond the register matches as far as it can be seen.
    private uint EqualOrdered<T>(Vector128<T> left, Vector128<T> right) where T : unmanaged, INumber<T>
    {
        var result = (1u << Elements) - 1;
        for (var i = 0; i < LeftLength; i++)
        {
            var equal = Vector128.Equals(right, Vector128.Create(left.GetElement(i))).ExtractMostSignificantBits() & ((1u << RightLength) - 1);
            var unseen = ~((1u << (Elements - i)) - 1);
            result &= (equal >> i) | unseen;
        }
        return result;
    }
}
