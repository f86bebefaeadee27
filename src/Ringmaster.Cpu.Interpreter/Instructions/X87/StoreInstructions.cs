using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>FST and FSTP to memory and registers.</summary>
internal static unsafe class StoreInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Fst_m32fp, &ToSingle, Guard.X87);
        table.Add(Code.Fstp_m32fp, &ToSingleAndPop, Guard.X87);
        table.Add(Code.Fst_m64fp, &ToDouble, Guard.X87);
        table.Add(Code.Fstp_m64fp, &ToDoubleAndPop, Guard.X87);
        table.Add(Code.Fstp_m80fp, &ToExtendedAndPop, Guard.X87);
        table.Add(Code.Fst_sti, &ToRegister, Guard.X87);
        table.Add(Code.Fstp_sti, &ToRegisterAndPop, Guard.X87);
        table.Add(Code.Fstpnce_sti, &ToRegisterUncheckedAndPop, Guard.X87);
        table.Add(Code.Fstp_sti_DFD0, &ToRegisterAndPop, Guard.X87);
        table.Add(Code.Fstp_sti_DFD8, &ToRegisterAndPop, Guard.X87);
        IntegerStores.Register(table);
    }

    /// <summary>
    /// Finishes a store once its bytes are known: writes them unless an unmasked exception forbids it, then pops.
    /// </summary>
    public static Status Finish<T>(Vcpu cpu, Op* op, T value, in FloatContext context, bool pop) where T : unmanaged
    {
        // The write comes first: if it faults, nothing has happened.
        var stores = (context.Raised & ~context.Masked & ~FloatExceptions.Inexact) == 0;
        if (stores ? !cpu.Write(op, value) : !cpu.ProbeOperand(op, sizeof(T)))
            return cpu.FaultOrExit;
        X87Unit.NoteMemory(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.AcceptStore(context) && pop)
            stack.Pop();
        return Status.Next;
    }

    /// <summary>Stores the indefinite value of a format for an empty ST(0).</summary>
    public static Status FinishEmpty<T>(Vcpu cpu, Op* op, T indefinite, bool pop) where T : unmanaged
    {
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsInvalidMasked ? !cpu.Write(op, indefinite) : !cpu.ProbeOperand(op, sizeof(T)))
            return cpu.FaultOrExit;
        X87Unit.NoteMemory(cpu, op);
        if (stack.Fault(overflow: false) && pop)
            stack.Pop();
        return Status.Next;
    }

    private static Status ToSingle(Vcpu cpu, Op* op) => ToSingle(cpu, op, pop: false);

    private static Status ToSingleAndPop(Vcpu cpu, Op* op) => ToSingle(cpu, op, pop: true);

    private static Status ToDouble(Vcpu cpu, Op* op) => ToDouble(cpu, op, pop: false);

    private static Status ToDoubleAndPop(Vcpu cpu, Op* op) => ToDouble(cpu, op, pop: true);

    private static Status ToSingle(Vcpu cpu, Op* op, bool pop)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsEmpty(0))
            return FinishEmpty(cpu, op, 0xFFC0_0000u, pop);
        var context = stack.Context;
        return Finish(cpu, op, SoftFloat.Round32(Stored(stack, ref context), ref context), context, pop);
    }

    private static Status ToDouble(Vcpu cpu, Op* op, bool pop)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsEmpty(0))
            return FinishEmpty(cpu, op, 0xFFF8_0000_0000_0000UL, pop);
        var context = stack.Context;
        return Finish(cpu, op, SoftFloat.Round64(Stored(stack, ref context), ref context), context, pop);
    }

    // Stores do not report denormal operands (SDM 2A FST).
    private static Unpacked Stored(X87Stack stack, ref FloatContext context)
    {
        var value = stack.Value(0);
        return value.IsNanOrUnsupported ? SoftFloat.PropagateNan(value, ref context) : value;
    }

    private static Status ToExtendedAndPop(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        var stack = new X87Stack(ref cpu.Fpu);
        var empty = stack.IsEmpty(0);
        var value = empty ? X87Stack.Indefinite : stack[0];
        var stores = !empty || stack.IsInvalidMasked;
        if (stores ? !TenBytes.Write(cpu, op, value.Significand, value.SignExponent) : !cpu.ProbeOperand(op, sizeof(TenBytes)))
            return cpu.FaultOrExit;
        X87Unit.NoteMemory(cpu, op);
        if (empty && !stack.Fault(overflow: false))
            return Status.Next;
        stack.SetC1(false);
        stack.Pop();
        return Status.Next;
    }

    private static Status ToRegister(Vcpu cpu, Op* op) => ToRegister(cpu, op, pop: false);

    private static Status ToRegisterAndPop(Vcpu cpu, Op* op) => ToRegister(cpu, op, pop: true);

    // An undocumented encoding that finds no stack underflow: an empty register is popped and nothing is stored.
    private static Status ToRegisterUncheckedAndPop(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        var stack = new X87Stack(ref cpu.Fpu);
        if (!stack.IsEmpty(0))
            return ToRegister(cpu, op, pop: true);
        X87Unit.Note(cpu, op);
        stack.SetC1(false);
        stack.Pop();
        return Status.Next;
    }

    private static Status ToRegister(Vcpu cpu, Op* op, bool pop)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        var empty = stack.IsEmpty(0);
        if (empty && !stack.Fault(overflow: false))
            return Status.Next;
        stack.SetC1(false);
        stack[op->Reg0] = empty ? X87Stack.Indefinite : stack[0];
        if (pop)
            stack.Pop();
        return Status.Next;
    }
}
