using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>FCOM, FUCOM, FICOM, FTST with their popping forms, FCOMI and FUCOMI, FXAM.</summary>
internal static unsafe class CompareInstructions
{
    private const int Unordered = X87Status.C3 | X87Status.C2 | X87Status.C0;

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Fcom_m32fp, &WithMemory<FloatSources.Single>, Guard.X87);
        table.Add(Code.Fcom_m64fp, &WithMemory<FloatSources.Double>, Guard.X87);
        table.Add(Code.Ficom_m16int, &WithMemory<FloatSources.Int16>, Guard.X87);
        table.Add(Code.Ficom_m32int, &WithMemory<FloatSources.Int32>, Guard.X87);
        table.Add(Code.Fcomp_m32fp, &WithMemoryAndPop<FloatSources.Single>, Guard.X87);
        table.Add(Code.Fcomp_m64fp, &WithMemoryAndPop<FloatSources.Double>, Guard.X87);
        table.Add(Code.Ficomp_m16int, &WithMemoryAndPop<FloatSources.Int16>, Guard.X87);
        table.Add(Code.Ficomp_m32int, &WithMemoryAndPop<FloatSources.Int32>, Guard.X87);
        table.Add(Code.Fcom_st0_sti, &WithRegister, Guard.X87);
        table.Add(Code.Fcom_st0_sti_DCD0, &WithRegister, Guard.X87);
        table.Add(Code.Fcomp_st0_sti, &WithRegisterAndPop, Guard.X87);
        table.Add(Code.Fcomp_st0_sti_DCD8, &WithRegisterAndPop, Guard.X87);
        table.Add(Code.Fcomp_st0_sti_DED0, &WithRegisterAndPop, Guard.X87);
        table.Add(Code.Fcompp, &AndPopBoth, Guard.X87);
        table.Add(Code.Fucom_st0_sti, &Quietly, Guard.X87);
        table.Add(Code.Fucomp_st0_sti, &QuietlyAndPop, Guard.X87);
        table.Add(Code.Fucompp, &QuietlyAndPopBoth, Guard.X87);
        table.Add(Code.Fcomi_st0_sti, &ToFlags, Guard.X87);
        table.Add(Code.Fcomip_st0_sti, &ToFlagsAndPop, Guard.X87);
        table.Add(Code.Fucomi_st0_sti, &QuietlyToFlags, Guard.X87);
        table.Add(Code.Fucomip_st0_sti, &QuietlyToFlagsAndPop, Guard.X87);
        table.Add(Code.Ftst, &WithZero, Guard.X87);
        table.Add(Code.Fxam, &Examine, Guard.X87);
    }

    private static Status WithMemory<TSource>(Vcpu cpu, Op* op) where TSource : struct, IFloatSource =>
        WithMemory<TSource>(cpu, op, 0);

    private static Status WithMemoryAndPop<TSource>(Vcpu cpu, Op* op) where TSource : struct, IFloatSource =>
        WithMemory<TSource>(cpu, op, 1);

    private static Status WithMemory<TSource>(Vcpu cpu, Op* op, int pops) where TSource : struct, IFloatSource
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!TSource.Load(cpu, op, out var right))
            return cpu.FaultOrExit;
        X87Unit.NoteMemory(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsEmpty(0))
            FinishEmpty(stack, pops);
        else
            Finish(stack, right, quiet: false, pops);
        return Status.Next;
    }

    private static Status WithRegister(Vcpu cpu, Op* op) => WithRegister(cpu, op, op->Reg1, quiet: false, 0);

    private static Status WithRegisterAndPop(Vcpu cpu, Op* op) => WithRegister(cpu, op, op->Reg1, quiet: false, 1);

    private static Status AndPopBoth(Vcpu cpu, Op* op) => WithRegister(cpu, op, 1, quiet: false, 2);

    private static Status Quietly(Vcpu cpu, Op* op) => WithRegister(cpu, op, op->Reg1, quiet: true, 0);

    private static Status QuietlyAndPop(Vcpu cpu, Op* op) => WithRegister(cpu, op, op->Reg1, quiet: true, 1);

    private static Status QuietlyAndPopBoth(Vcpu cpu, Op* op) => WithRegister(cpu, op, 1, quiet: true, 2);

    private static Status WithRegister(Vcpu cpu, Op* op, int other, bool quiet, int pops)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsEmpty(0) || stack.IsEmpty(other))
            FinishEmpty(stack, pops);
        else
            Finish(stack, stack.Value(other), quiet, pops);
        return Status.Next;
    }

    private static Status WithZero(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsEmpty(0))
            FinishEmpty(stack, 0);
        else
            Finish(stack, Unpacked.Zero(false), quiet: false, 0);
        return Status.Next;
    }

    private static void FinishEmpty(X87Stack stack, int pops)
    {
        var masked = stack.Fault(overflow: false);
        stack.SetConditions(Unordered);
        if (masked)
            Pop(stack, pops);
    }

    private static void Finish(X87Stack stack, in Unpacked right, bool quiet, int pops)
    {
        var context = stack.Context;
        var relation = SoftFloat.Compare(stack.Value(0), right, quiet, ref context);
        // The relation is reported even when an unmasked exception keeps the operands where they are.
        var accepted = stack.Accept(context);
        stack.SetConditions(relation switch
        {
            FloatRelation.Greater => 0,
            FloatRelation.Less => X87Status.C0,
            FloatRelation.Equal => X87Status.C3,
            _ => Unordered,
        });
        if (accepted)
            Pop(stack, pops);
    }

    private static void Pop(X87Stack stack, int pops)
    {
        for (; pops > 0; pops--)
            stack.Pop();
    }

    private static Status ToFlags(Vcpu cpu, Op* op) => ToFlags(cpu, op, quiet: false, pop: false);

    private static Status ToFlagsAndPop(Vcpu cpu, Op* op) => ToFlags(cpu, op, quiet: false, pop: true);

    private static Status QuietlyToFlags(Vcpu cpu, Op* op) => ToFlags(cpu, op, quiet: true, pop: false);

    private static Status QuietlyToFlagsAndPop(Vcpu cpu, Op* op) => ToFlags(cpu, op, quiet: true, pop: true);

    private static Status ToFlags(Vcpu cpu, Op* op, bool quiet, bool pop)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        var c1 = cpu.Fpu.StatusWord & X87Status.C1;
        var relation = FloatRelation.Unordered;
        bool accepted;
        if (stack.IsEmpty(0) || stack.IsEmpty(op->Reg1))
        {
            accepted = stack.Fault(overflow: false);
        }
        else
        {
            var context = stack.Context;
            relation = SoftFloat.Compare(stack.Value(0), stack.Value(op->Reg1), quiet, ref context);
            accepted = stack.Accept(context);
            // SDM 2A FCOMI wants C1 clear, APM 5 FCOMI only after a stack fault: processors of both vendors keep it otherwise.
            stack.SetC1(c1 != 0);
        }
        cpu.SetStatus(relation switch
        {
            FloatRelation.Greater => 0,
            FloatRelation.Less => Rflags.Carry,
            FloatRelation.Equal => Rflags.Zero,
            _ => Rflags.Carry | Rflags.Parity | Rflags.Zero,
        });
        if (accepted && pop)
            stack.Pop();
        return Status.Next;
    }

    private static Status Examine(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        var value = stack.Value(0);
        var kind = stack.IsEmpty(0) ? X87Status.C3 | X87Status.C0 : value.Kind switch
        {
            FloatKind.Unsupported => 0,
            FloatKind.QuietNan or FloatKind.SignalingNan => X87Status.C0,
            FloatKind.Infinity => X87Status.C2 | X87Status.C0,
            FloatKind.Zero => X87Status.C3,
            _ => value.IsDenormal ? X87Status.C3 | X87Status.C2 : X87Status.C2,
        };
        // The sign is reported for empty registers too.
        stack.SetConditions(kind | (value.Sign ? X87Status.C1 : 0));
        return Status.Next;
    }
}
