using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>FYL2X, FYL2XP1 and FPATAN: two operands, the result in ST(1), then a pop.</summary>
internal static unsafe class LogarithmInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Fyl2x, &Binary<TimesLogarithm>, Guard.X87);
        table.Add(Code.Fyl2xp1, &Binary<TimesLogarithmOfOnePlus>, Guard.X87);
        table.Add(Code.Fpatan, &Binary<Angle>, Guard.X87);
    }

    private static Status Binary<TOperation>(Vcpu cpu, Op* op) where TOperation : struct, IFloatOperation
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsEmpty(0) || stack.IsEmpty(1))
        {
            if (stack.Fault(overflow: false))
            {
                stack[1] = X87Stack.Indefinite;
                stack.Pop();
            }
            return Status.Next;
        }
        var context = stack.Context;
        var (y, x) = (stack.Value(1), stack.Value(0));
        var value = y.IsNanOrUnsupported || x.IsNanOrUnsupported
            ? SoftFloat.PropagateNan(y, x, ref context) : TOperation.Apply(y, x, ref context);
        var result = SoftFloat.Round80Full(value, ref context);
        if (!stack.Accept(context))
            return Status.Next;
        stack[1] = result;
        stack.Pop();
        return Status.Next;
    }

    private static void RaiseDenormal(in Unpacked y, in Unpacked x, ref FloatContext context)
    {
        if (y.IsDenormal || x.IsDenormal)
            context.Raise(FloatExceptions.Denormal);
    }

    /// <summary>y times a logarithm that may be zero or infinite.</summary>
    private static Unpacked Times(in Unpacked y, in Unpacked logarithm, bool exact, ref FloatContext context)
    {
        var sign = y.Sign != logarithm.Sign;
        if (y.IsInfinity || logarithm.IsInfinity)
            return y.IsZero || logarithm.IsZero ? SoftFloat.Invalid(ref context) : Unpacked.Infinity(sign);
        if (y.IsZero || logarithm.IsZero)
            return Unpacked.Zero(sign);
        // Hardware reports every finite result as inexact, even those that are exact.
        if (!context.IsAbandoned)
            context.Raise(FloatExceptions.Inexact);
        var product = WideFloat.Multiply(y, logarithm);
        if (!context.IsAbandoned && product.Exponent < FloatFormat.Extended.MinExponent)
            context.Raise(FloatExceptions.Underflow);
        return exact ? product : WideFloat.Above(product);
    }

    private struct TimesLogarithm : IFloatOperation
    {
        public static Unpacked Apply(in Unpacked y, in Unpacked x, ref FloatContext context)
        {
            if (x.IsZero)
            {
                if (y.IsZero)
                    return SoftFloat.Invalid(ref context);
                if (y.Kind == FloatKind.Finite)
                    context.Raise(FloatExceptions.DivideByZero);
                return Unpacked.Infinity(!y.Sign);
            }
            if (x.Sign)
                return SoftFloat.Invalid(ref context);
            if ((x.IsInfinity && y.IsZero) || (y.IsInfinity && IsOne(x)))
                return SoftFloat.Invalid(ref context);
            RaiseDenormal(y, x, ref context);
            if (x.IsInfinity)
                return Unpacked.Infinity(y.Sign);
            return Times(y, Exponential.Logarithm(x), x.Significand == WideFloat.One, ref context);
        }

        private static bool IsOne(in Unpacked x) => x.Kind == FloatKind.Finite && x.Exponent == 0 && x.Significand == WideFloat.One;
    }

    private struct TimesLogarithmOfOnePlus : IFloatOperation
    {
        public static Unpacked Apply(in Unpacked y, in Unpacked x, ref FloatContext context)
        {
            if ((x.IsInfinity && (x.Sign || y.IsZero)) || (y.IsInfinity && x.IsZero))
                return SoftFloat.Invalid(ref context);
            RaiseDenormal(y, x, ref context);
            if (x.IsInfinity)
                return Unpacked.Infinity(y.Sign);
            if (x.IsZero || y.IsZero)
                return Unpacked.Zero(x.Sign != y.Sign);
            // From -1 down the result is undefined; processors return the operand.
            if (y.Kind == FloatKind.Finite && x.Sign && x.Exponent >= 0)
            {
                if (!context.IsAbandoned)
                    context.Raise(FloatExceptions.Inexact);
                return x;
            }
            if (y.IsInfinity)
                return Unpacked.Infinity(x.Sign != y.Sign);
            return Times(y, Exponential.LogarithmOfOnePlus(x), exact: false, ref context);
        }
    }

    private struct Angle : IFloatOperation
    {
        public static Unpacked Apply(in Unpacked y, in Unpacked x, ref FloatContext context)
        {
            RaiseDenormal(y, x, ref context);
            return Magnitude(y, x).WithSign(y.Sign);
        }

        // SDM 2A FPATAN, table of results.
        private static Unpacked Magnitude(in Unpacked y, in Unpacked x)
        {
            if (y.IsInfinity && x.IsInfinity)
            {
                var quarter = new Unpacked(FloatKind.Finite, false, -1, WideFloat.Pi.Significand);
                return x.Sign ? WideFloat.Add(Arctangent.HalfPi, quarter) : quarter;
            }
            if (y.IsZero || x.IsInfinity)
                return x.Sign ? WideFloat.Pi : Unpacked.Zero(false);
            if (x.IsZero || y.IsInfinity)
                return Arctangent.HalfPi;
            return WideFloat.Below(Arctangent.Angle(y, x));
        }
    }
}
