using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>The operations of x87 arithmetic.</summary>
internal static class FloatOperations
{
    internal struct Add : IFloatOperation
    {
        public static Unpacked Apply(in Unpacked left, in Unpacked right, ref FloatContext context) =>
            SoftFloat.Add(left, right, ref context);
    }

    internal struct Multiply : IFloatOperation
    {
        public static Unpacked Apply(in Unpacked left, in Unpacked right, ref FloatContext context) =>
            SoftFloat.Multiply(left, right, ref context);
    }

    internal struct Subtract : IFloatOperation
    {
        public static Unpacked Apply(in Unpacked left, in Unpacked right, ref FloatContext context) =>
            SoftFloat.Subtract(left, right, ref context);
    }

    internal struct SubtractReversed : IFloatOperation
    {
        public static Unpacked Apply(in Unpacked left, in Unpacked right, ref FloatContext context) =>
            SoftFloat.Subtract(right, left, ref context);
    }

    internal struct Divide : IFloatOperation
    {
        public static Unpacked Apply(in Unpacked left, in Unpacked right, ref FloatContext context) =>
            SoftFloat.Divide(left, right, ref context);
    }

    internal struct DivideReversed : IFloatOperation
    {
        public static Unpacked Apply(in Unpacked left, in Unpacked right, ref FloatContext context) =>
            SoftFloat.Divide(right, left, ref context);
    }
}
