using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ringmaster.Cpu.Interpreter.Instructions.Mmx;

/// <summary>Logic, comparisons, shifts and rearrangement of packed integers.</summary>
internal static class MmxLogic
{
    internal struct And : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => left & right;
    }

    internal struct AndNot : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => ~left & right;
    }

    internal struct Or : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => left | right;
    }

    internal struct Xor : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => left ^ right;
    }

    internal struct Move : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => right;
    }

    internal struct EqualBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.CompareEqual(MmxVector.Of<byte>(left), MmxVector.Of<byte>(right)));
    }

    internal struct EqualWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.CompareEqual(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct EqualDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.CompareEqual(MmxVector.Of<int>(left), MmxVector.Of<int>(right)));
    }

    internal struct GreaterBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.CompareGreaterThan(MmxVector.Of<sbyte>(left), MmxVector.Of<sbyte>(right)));
    }

    internal struct GreaterWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.CompareGreaterThan(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct GreaterDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.CompareGreaterThan(MmxVector.Of<int>(left), MmxVector.Of<int>(right)));
    }

    internal struct UnpackLowBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.UnpackLow(MmxVector.Of<byte>(left), MmxVector.Of<byte>(right)));
    }

    internal struct UnpackLowWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.UnpackLow(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct UnpackLowDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.UnpackLow(MmxVector.Of<int>(left), MmxVector.Of<int>(right)));
    }

    internal struct UnpackHighBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.High(Sse2.UnpackLow(MmxVector.Of<byte>(left), MmxVector.Of<byte>(right)));
    }

    internal struct UnpackHighWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.High(Sse2.UnpackLow(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct UnpackHighDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.High(Sse2.UnpackLow(MmxVector.Of<int>(left), MmxVector.Of<int>(right)));
    }

    internal struct PackWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.PackSignedSaturate(MmxVector.Pair<short>(left, right), Vector128<short>.Zero));
    }

    internal struct PackDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.PackSignedSaturate(MmxVector.Pair<int>(left, right), Vector128<int>.Zero));
    }

    internal struct PackWordsUnsigned : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.PackUnsignedSaturate(MmxVector.Pair<short>(left, right), Vector128<short>.Zero));
    }

    internal struct ShiftLeftWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.ShiftLeftLogical(MmxVector.Of<ushort>(left), MmxVector.Of<ushort>(right)));
    }

    internal struct ShiftLeftDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.ShiftLeftLogical(MmxVector.Of<uint>(left), MmxVector.Of<uint>(right)));
    }

    internal struct ShiftLeftQword : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.ShiftLeftLogical(MmxVector.Of<ulong>(left), MmxVector.Of<ulong>(right)));
    }

    internal struct ShiftRightWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.ShiftRightLogical(MmxVector.Of<ushort>(left), MmxVector.Of<ushort>(right)));
    }

    internal struct ShiftRightDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.ShiftRightLogical(MmxVector.Of<uint>(left), MmxVector.Of<uint>(right)));
    }

    internal struct ShiftRightQword : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.ShiftRightLogical(MmxVector.Of<ulong>(left), MmxVector.Of<ulong>(right)));
    }

    internal struct ShiftRightSignedWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.ShiftRightArithmetic(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct ShiftRightSignedDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.ShiftRightArithmetic(MmxVector.Of<int>(left), MmxVector.Of<int>(right)));
    }
}
