using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ringmaster.Cpu.Interpreter.Instructions.Mmx;

/// <summary>Arithmetic on packed integers.</summary>
internal static class MmxArithmetic
{
    internal struct AddBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Add(MmxVector.Of<byte>(left), MmxVector.Of<byte>(right)));
    }

    internal struct AddWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Add(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct AddDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Add(MmxVector.Of<int>(left), MmxVector.Of<int>(right)));
    }

    internal struct AddSaturatedBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.AddSaturate(MmxVector.Of<sbyte>(left), MmxVector.Of<sbyte>(right)));
    }

    internal struct AddSaturatedWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.AddSaturate(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct AddUnsignedSaturatedBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.AddSaturate(MmxVector.Of<byte>(left), MmxVector.Of<byte>(right)));
    }

    internal struct AddUnsignedSaturatedWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.AddSaturate(MmxVector.Of<ushort>(left), MmxVector.Of<ushort>(right)));
    }

    internal struct SubtractBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Subtract(MmxVector.Of<byte>(left), MmxVector.Of<byte>(right)));
    }

    internal struct SubtractWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Subtract(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct SubtractDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Subtract(MmxVector.Of<int>(left), MmxVector.Of<int>(right)));
    }

    internal struct SubtractSaturatedBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.SubtractSaturate(MmxVector.Of<sbyte>(left), MmxVector.Of<sbyte>(right)));
    }

    internal struct SubtractSaturatedWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.SubtractSaturate(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct SubtractUnsignedSaturatedBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.SubtractSaturate(MmxVector.Of<byte>(left), MmxVector.Of<byte>(right)));
    }

    internal struct SubtractUnsignedSaturatedWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.SubtractSaturate(MmxVector.Of<ushort>(left), MmxVector.Of<ushort>(right)));
    }

    internal struct MultiplyLow : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.MultiplyLow(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct MultiplyHigh : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.MultiplyHigh(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct MultiplyHighUnsigned : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.MultiplyHigh(MmxVector.Of<ushort>(left), MmxVector.Of<ushort>(right)));
    }

    internal struct MultiplyUnsignedDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Multiply(MmxVector.Of<uint>(left), MmxVector.Of<uint>(right)));
    }

    internal struct MultiplyAdd : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.MultiplyAddAdjacent(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct SumOfDifferences : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.SumAbsoluteDifferences(MmxVector.Of<byte>(left), MmxVector.Of<byte>(right)));
    }

    internal struct AverageBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Average(MmxVector.Of<byte>(left), MmxVector.Of<byte>(right)));
    }

    internal struct AverageWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Average(MmxVector.Of<ushort>(left), MmxVector.Of<ushort>(right)));
    }

    internal struct MinimumBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Min(MmxVector.Of<byte>(left), MmxVector.Of<byte>(right)));
    }

    internal struct MaximumBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Max(MmxVector.Of<byte>(left), MmxVector.Of<byte>(right)));
    }

    internal struct MinimumWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Min(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct MaximumWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => MmxVector.Low(Sse2.Max(MmxVector.Of<short>(left), MmxVector.Of<short>(right)));
    }

    internal struct AddQword : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => left + right;
    }

    internal struct SubtractQword : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => left - right;
    }
}
