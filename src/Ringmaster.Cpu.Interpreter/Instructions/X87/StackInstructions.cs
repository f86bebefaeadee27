using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>FXCH, FFREE, FINCSTP, FDECSTP, FCMOVcc.</summary>
internal static unsafe class StackInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Fxch_st0_sti, &Exchange, Guard.X87);
        table.Add(Code.Fxch_st0_sti_DDC8, &Exchange, Guard.X87);
        table.Add(Code.Fxch_st0_sti_DFC8, &Exchange, Guard.X87);
        table.Add(Code.Ffree_sti, &Free, Guard.X87);
        table.Add(Code.Ffreep_sti, &FreeAndPop, Guard.X87);
        table.Add(Code.Fincstp, &Increment, Guard.X87);
        table.Add(Code.Fdecstp, &Decrement, Guard.X87);
        table.Add(Code.Fcmovb_st0_sti, &MoveIfBelow, Guard.X87);
        table.Add(Code.Fcmovnb_st0_sti, &MoveIfNotBelow, Guard.X87);
        table.Add(Code.Fcmove_st0_sti, &MoveIfEqual, Guard.X87);
        table.Add(Code.Fcmovne_st0_sti, &MoveIfNotEqual, Guard.X87);
        table.Add(Code.Fcmovbe_st0_sti, &MoveIfBelowOrEqual, Guard.X87);
        table.Add(Code.Fcmovnbe_st0_sti, &MoveIfAbove, Guard.X87);
        table.Add(Code.Fcmovu_st0_sti, &MoveIfUnordered, Guard.X87);
        table.Add(Code.Fcmovnu_st0_sti, &MoveIfOrdered, Guard.X87);
    }

    private static Status Exchange(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        var other = op->Reg1;
        stack.SetC1(false);
        if (stack.IsEmpty(0) || stack.IsEmpty(other))
        {
            if (!stack.Fault(overflow: false))
                return Status.Next;
            if (stack.IsEmpty(0))
                stack[0] = X87Stack.Indefinite;
            if (stack.IsEmpty(other))
                stack[other] = X87Stack.Indefinite;
        }
        (stack[0], stack[other]) = (stack[other], stack[0]);
        return Status.Next;
    }

    private static Status Free(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        stack.Free(op->Reg0);
        stack.SetC1(false);
        return Status.Next;
    }

    private static Status FreeAndPop(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        stack.Free(op->Reg0);
        stack.SetC1(false);
        stack.Pop();
        return Status.Next;
    }

    private static Status Increment(Vcpu cpu, Op* op) => Rotate(cpu, op, 1);

    private static Status Decrement(Vcpu cpu, Op* op) => Rotate(cpu, op, -1);

    private static Status Rotate(Vcpu cpu, Op* op, int by)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        stack.Rotate(by);
        stack.SetC1(false);
        return Status.Next;
    }

    private static Status MoveIfBelow(Vcpu cpu, Op* op) => MoveIf(cpu, op, cpu.CF);

    private static Status MoveIfNotBelow(Vcpu cpu, Op* op) => MoveIf(cpu, op, !cpu.CF);

    private static Status MoveIfEqual(Vcpu cpu, Op* op) => MoveIf(cpu, op, cpu.ZF);

    private static Status MoveIfNotEqual(Vcpu cpu, Op* op) => MoveIf(cpu, op, !cpu.ZF);

    private static Status MoveIfBelowOrEqual(Vcpu cpu, Op* op) => MoveIf(cpu, op, cpu.CF || cpu.ZF);

    private static Status MoveIfAbove(Vcpu cpu, Op* op) => MoveIf(cpu, op, !cpu.CF && !cpu.ZF);

    private static Status MoveIfUnordered(Vcpu cpu, Op* op) => MoveIf(cpu, op, cpu.PF);

    private static Status MoveIfOrdered(Vcpu cpu, Op* op) => MoveIf(cpu, op, !cpu.PF);

    private static Status MoveIf(Vcpu cpu, Op* op, bool condition)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        // Empty registers are found out even if the condition does not hold.
        if (stack.IsEmpty(0) || stack.IsEmpty(op->Reg1))
        {
            if (stack.Fault(overflow: false))
                stack[0] = X87Stack.Indefinite;
        }
        else if (condition)
        {
            stack[0] = stack[op->Reg1];
        }
        return Status.Next;
    }
}
