using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>FSIN, FCOS, FSINCOS, FPTAN, and F2XM1.</summary>
/// <remarks>
/// Results are correctly rounded but for one argument in about 2^50; the manuals promise less than 1 ulp (SDM 1 8.3.10), and
/// hardware differs from correct rounding in the last bit now and then.
/// </remarks>
internal static unsafe class TranscendentalInstructions
{
    private enum Function
    {
        Sine,
        Cosine,
        SineAndCosine,
        Tangent,
    }

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Fsin, &Sine, Guard.X87);
        table.Add(Code.Fcos, &Cosine, Guard.X87);
        table.Add(Code.Fsincos, &SineAndCosine, Guard.X87);
        table.Add(Code.Fptan, &Tangent, Guard.X87);
        table.Add(Code.F2xm1, &PowerLessOne, Guard.X87);
        LogarithmInstructions.Register(table);
    }

    private static Status Sine(Vcpu cpu, Op* op) => Trigonometric(cpu, op, Function.Sine);

    private static Status Cosine(Vcpu cpu, Op* op) => Trigonometric(cpu, op, Function.Cosine);

    private static Status SineAndCosine(Vcpu cpu, Op* op) => Trigonometric(cpu, op, Function.SineAndCosine);

    private static Status Tangent(Vcpu cpu, Op* op) => Trigonometric(cpu, op, Function.Tangent);

    private static Status Trigonometric(Vcpu cpu, Op* op, Function function)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        var pushes = function is Function.SineAndCosine or Function.Tangent;
        // Not out of range, whatever else may happen.
        cpu.Fpu.StatusWord &= unchecked((ushort)~X87Status.C2);
        if (stack.IsEmpty(0) || (pushes && !stack.IsEmpty(7)))
        {
            if (stack.Fault(overflow: !stack.IsEmpty(0)))
            {
                stack[0] = X87Stack.Indefinite;
                if (pushes)
                    stack.Push(X87Stack.Indefinite);
            }
            return Status.Next;
        }
        var value = stack.Value(0);
        var context = stack.Context;
        Unpacked first, second;
        if (value.IsNanOrUnsupported)
        {
            first = second = SoftFloat.PropagateNan(value, ref context);
        }
        else if (value.IsInfinity)
        {
            first = second = SoftFloat.Invalid(ref context);
        }
        else if (value.IsZero)
        {
            first = function == Function.Cosine ? Unpacked.FromInteger(1) : value;
            second = Unpacked.FromInteger(1);
        }
        else if (value.Exponent > Trigonometry.MaxExponent)
        {
            cpu.Fpu.StatusWord |= X87Status.C2;
            stack.SetC1(false);
            return Status.Next;
        }
        else
        {
            if (value.IsDenormal)
                context.Raise(FloatExceptions.Denormal);
            var (sine, cosine) = Trigonometry.SineAndCosine(value);
            // For small angles sine and cosine are just below, the tangent just above what 128 bits can tell.
            first = function switch
            {
                Function.Cosine => WideFloat.Below(cosine),
                Function.Tangent => WideFloat.Above(WideFloat.Divide(sine, cosine)),
                _ => WideFloat.Below(sine),
            };
            second = function == Function.Tangent ? Unpacked.FromInteger(1) : WideFloat.Below(cosine);
        }
        var upper = pushes ? SoftFloat.Round80Full(second, ref context) : default;
        var result = SoftFloat.Round80Full(first, ref context);
        if (!stack.Accept(context))
            return Status.Next;
        stack[0] = result;
        if (pushes)
            stack.Push(upper);
        return Status.Next;
    }

    private static Status PowerLessOne(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsEmpty(0))
        {
            if (stack.Fault(overflow: false))
                stack[0] = X87Stack.Indefinite;
            return Status.Next;
        }
        var value = stack.Value(0);
        var context = stack.Context;
        var result = SoftFloat.Round80Full(PowerLessOne(value, ref context), ref context);
        if (stack.Accept(context))
            stack[0] = result;
        return Status.Next;
    }

    private static Unpacked PowerLessOne(in Unpacked value, ref FloatContext context)
    {
        if (value.IsNanOrUnsupported)
            return SoftFloat.PropagateNan(value, ref context);
        if (value.IsInfinity)
            return value.Sign ? Unpacked.FromInteger(-1) : value;
        if (value.IsZero)
            return value;
        if (value.IsDenormal)
            context.Raise(FloatExceptions.Denormal);
        if (value.Exponent < 0)
            return WideFloat.Above(Exponential.PowerLessOne(value));
        if (!context.IsAbandoned)
            context.Raise(FloatExceptions.Inexact);
        // 2^1 - 1 and 2^-1 - 1 are exact; beyond, the result is undefined, and processors return the operand.
        return value.Sign && value.Exponent == 0 && value.Significand == WideFloat.One
            ? new Unpacked(FloatKind.Finite, true, -1, WideFloat.One) : value;
    }
}
