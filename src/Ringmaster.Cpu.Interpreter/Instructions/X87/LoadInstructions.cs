using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>FLD, FILD, FBLD and the constants.</summary>
internal static unsafe class LoadInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Fld_m32fp, &Converted<FloatSources.Single>, Guard.X87);
        table.Add(Code.Fld_m64fp, &Converted<FloatSources.Double>, Guard.X87);
        table.Add(Code.Fild_m16int, &Converted<FloatSources.Int16>, Guard.X87);
        table.Add(Code.Fild_m32int, &Converted<FloatSources.Int32>, Guard.X87);
        table.Add(Code.Fild_m64int, &Converted<FloatSources.Int64>, Guard.X87);
        table.Add(Code.Fld_m80fp, &Extended, Guard.X87);
        table.Add(Code.Fbld_m80bcd, &Decimal, Guard.X87);
        table.Add(Code.Fld_sti, &FromRegister, Guard.X87);
        table.Add(Code.Fld1, &One, Guard.X87);
        table.Add(Code.Fldz, &PositiveZero, Guard.X87);
        table.Add(Code.Fldl2t, &Log2Of10, Guard.X87);
        table.Add(Code.Fldl2e, &Log2OfE, Guard.X87);
        table.Add(Code.Fldpi, &Pi, Guard.X87);
        table.Add(Code.Fldlg2, &Log10Of2, Guard.X87);
        table.Add(Code.Fldln2, &LogOf2, Guard.X87);
    }

    private static Status Converted<TSource>(Vcpu cpu, Op* op) where TSource : struct, IFloatSource
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!TSource.Load(cpu, op, out var value))
            return cpu.FaultOrExit;
        X87Unit.NoteMemory(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (!stack.IsEmpty(7))
        {
            if (stack.Fault(overflow: true))
                stack.Push(X87Stack.Indefinite);
            return Status.Next;
        }
        // Every value of these formats is exact in the x87's own, whatever the precision control.
        var context = stack.Context;
        var exact = SoftFloat.Converted(value, ref context);
        var found = context.Raised;
        context.Raised = FloatExceptions.None;
        var result = SoftFloat.Round80Full(exact, ref context);
        stack.SetC1(false);
        stack.Raise(found);
        // A denormal is loaded even if its exception is unmasked; a signaling NaN is not.
        if ((found & FloatExceptions.Invalid) == 0 || stack.IsInvalidMasked)
            stack.Push(result);
        return Status.Next;
    }

    private static Status Extended(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!TenBytes.Read(cpu, op, out var significand, out var signExponent))
            return cpu.FaultOrExit;
        X87Unit.NoteMemory(cpu, op);
        new X87Stack(ref cpu.Fpu).PushChecked(new FloatRegister(significand, signExponent));
        return Status.Next;
    }

    private static Status Decimal(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!TenBytes.Read(cpu, op, out var digits, out var upper))
            return cpu.FaultOrExit;
        X87Unit.NoteMemory(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        var value = PackedDecimal.ToMagnitude(digits, (byte)upper);
        var context = stack.Context;
        stack.PushChecked(SoftFloat.Round80Full(Unpacked.FromUnsigned(value).WithSign((upper & 0x8000) != 0), ref context));
        return Status.Next;
    }

    private static Status FromRegister(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsEmpty(op->Reg0))
        {
            if (stack.Fault(overflow: false))
                stack.Push(X87Stack.Indefinite);
            return Status.Next;
        }
        stack.PushChecked(stack[op->Reg0]);
        return Status.Next;
    }

    private static Status One(Vcpu cpu, Op* op) => Constant(cpu, op, 1UL << 63, 0x3FFF, 0, 0);

    private static Status PositiveZero(Vcpu cpu, Op* op) => Constant(cpu, op, 0, 0, 0, 0);

    // The constants are kept as rounded down; what the other modes add follows from the bits beyond (SDM 1 8.3.8).
    private static Status Log2Of10(Vcpu cpu, Op* op) => Constant(cpu, op, 0xD49A_784B_CD1B_8AFE, 0x4000, 0, 1);

    private static Status Log2OfE(Vcpu cpu, Op* op) => Constant(cpu, op, 0xB8AA_3B29_5C17_F0BB, 0x3FFF, 1, 1);

    private static Status Pi(Vcpu cpu, Op* op) => Constant(cpu, op, 0xC90F_DAA2_2168_C234, 0x4000, 1, 1);

    private static Status Log10Of2(Vcpu cpu, Op* op) => Constant(cpu, op, 0x9A20_9A84_FBCF_F798, 0x3FFD, 1, 1);

    private static Status LogOf2(Vcpu cpu, Op* op) => Constant(cpu, op, 0xB172_17F7_D1CF_79AB, 0x3FFE, 1, 1);

    private static Status Constant(Vcpu cpu, Op* op, ulong down, ushort exponent, uint nearestAdds, uint upAdds)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        var significand = down + stack.Context.Rounding switch
        {
            FloatRounding.Nearest => nearestAdds,
            FloatRounding.Up => upAdds,
            _ => 0u,
        };
        stack.PushChecked(new FloatRegister(significand, exponent));
        return Status.Next;
    }
}
