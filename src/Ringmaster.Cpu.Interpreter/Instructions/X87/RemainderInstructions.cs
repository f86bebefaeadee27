using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>FPREM, FPREM1, FRNDINT, FSCALE, FXTRACT.</summary>
internal static unsafe class RemainderInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Fprem, &PartialRemainder, Guard.X87);
        table.Add(Code.Fprem1, &PartialRemainderToNearest, Guard.X87);
        table.Add(Code.Frndint, &RoundToInteger, Guard.X87);
        table.Add(Code.Fscale, &Scale, Guard.X87);
        table.Add(Code.Fxtract, &Extract, Guard.X87);
    }

    private static Status PartialRemainder(Vcpu cpu, Op* op) => PartialRemainder(cpu, op, toNearest: false);

    private static Status PartialRemainderToNearest(Vcpu cpu, Op* op) => PartialRemainder(cpu, op, toNearest: true);

    private static Status PartialRemainder(Vcpu cpu, Op* op, bool toNearest)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        // Whatever happens, the reduction is not incomplete; C0 and C3 stay if there is no quotient.
        cpu.Fpu.StatusWord &= unchecked((ushort)~X87Status.C2);
        if (stack.IsEmpty(0) || stack.IsEmpty(1))
        {
            if (stack.Fault(overflow: false))
                stack[0] = X87Stack.Indefinite;
            return Status.Next;
        }
        var context = stack.Context;
        var remainder = SoftFloat.Remainder(stack.Value(0), stack.Value(1), toNearest, out var quotient, out var incomplete, ref context);
        var result = SoftFloat.Round80Full(remainder, ref context);
        if (!stack.Accept(context))
            return Status.Next;
        stack[0] = result;
        if (remainder.IsNan)
            return Status.Next;
        // The quotient's bits 2, 1, 0 go to C0, C3, C1 (SDM 2A FPREM).
        stack.SetConditions((incomplete ? X87Status.C2 : 0) | ((quotient & 4) != 0 ? X87Status.C0 : 0)
            | ((quotient & 2) != 0 ? X87Status.C3 : 0) | ((quotient & 1) != 0 ? X87Status.C1 : 0));
        return Status.Next;
    }

    private static Status RoundToInteger(Vcpu cpu, Op* op)
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
        var context = stack.Context;
        var value = SoftFloat.Converted(stack.Value(0), ref context);
        if (!context.IsAbandoned)
        {
            value = SoftFloat.RoundToInteger(value, context.Rounding, suppressInexact: false, ref context);
            var up = context.RoundedUp;
            var result = SoftFloat.Round80Full(value, ref context);
            context.RoundedUp = up;
            stack[0] = result;
        }
        stack.Accept(context);
        return Status.Next;
    }

    private static Status Scale(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsEmpty(0) || stack.IsEmpty(1))
        {
            if (stack.Fault(overflow: false))
                stack[0] = X87Stack.Indefinite;
            return Status.Next;
        }
        var context = stack.Context;
        var result = SoftFloat.Round80Full(SoftFloat.Scale(stack.Value(0), stack.Value(1), ref context), ref context);
        if (stack.Accept(context))
            stack[0] = result;
        return Status.Next;
    }

    private static Status Extract(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsEmpty(0) || !stack.IsEmpty(7))
        {
            if (stack.Fault(overflow: !stack.IsEmpty(0)))
            {
                stack[0] = X87Stack.Indefinite;
                stack.Push(X87Stack.Indefinite);
            }
            return Status.Next;
        }
        var context = stack.Context;
        var value = stack.Value(0);
        Unpacked exponent;
        var significand = value;
        if (value.IsNanOrUnsupported)
        {
            exponent = significand = SoftFloat.PropagateNan(value, ref context);
        }
        else if (value.IsInfinity)
        {
            exponent = Unpacked.Infinity(false);
        }
        else if (value.IsZero)
        {
            context.Raise(FloatExceptions.DivideByZero);
            exponent = Unpacked.Infinity(true);
        }
        else
        {
            if (value.IsDenormal)
                context.Raise(FloatExceptions.Denormal);
            exponent = Unpacked.FromInteger(value.Exponent);
            significand = new Unpacked(FloatKind.Finite, value.Sign, 0, value.Significand);
        }
        var lower = SoftFloat.Round80Full(exponent, ref context);
        var upper = SoftFloat.Round80Full(significand, ref context);
        if (!stack.Accept(context))
            return Status.Next;
        stack[0] = lower;
        stack.Push(upper);
        return Status.Next;
    }
}
