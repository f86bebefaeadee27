using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>FADD, FSUB, FMUL, FDIV in all forms, FSQRT, FABS, FCHS.</summary>
internal static unsafe class ArithmeticInstructions
{
    public static void Register(HandlerTable table)
    {
        AddMemory<FloatOperations.Add>(table, Code.Fadd_m32fp, Code.Fadd_m64fp, Code.Fiadd_m16int, Code.Fiadd_m32int);
        AddMemory<FloatOperations.Multiply>(table, Code.Fmul_m32fp, Code.Fmul_m64fp, Code.Fimul_m16int, Code.Fimul_m32int);
        AddMemory<FloatOperations.Subtract>(table, Code.Fsub_m32fp, Code.Fsub_m64fp, Code.Fisub_m16int, Code.Fisub_m32int);
        AddMemory<FloatOperations.SubtractReversed>(table, Code.Fsubr_m32fp, Code.Fsubr_m64fp, Code.Fisubr_m16int, Code.Fisubr_m32int);
        AddMemory<FloatOperations.Divide>(table, Code.Fdiv_m32fp, Code.Fdiv_m64fp, Code.Fidiv_m16int, Code.Fidiv_m32int);
        AddMemory<FloatOperations.DivideReversed>(table, Code.Fdivr_m32fp, Code.Fdivr_m64fp, Code.Fidivr_m16int, Code.Fidivr_m32int);
        AddRegisters<FloatOperations.Add>(table, Code.Fadd_st0_sti, Code.Fadd_sti_st0, Code.Faddp_sti_st0);
        AddRegisters<FloatOperations.Multiply>(table, Code.Fmul_st0_sti, Code.Fmul_sti_st0, Code.Fmulp_sti_st0);
        AddRegisters<FloatOperations.Subtract>(table, Code.Fsub_st0_sti, Code.Fsub_sti_st0, Code.Fsubp_sti_st0);
        AddRegisters<FloatOperations.SubtractReversed>(table, Code.Fsubr_st0_sti, Code.Fsubr_sti_st0, Code.Fsubrp_sti_st0);
        AddRegisters<FloatOperations.Divide>(table, Code.Fdiv_st0_sti, Code.Fdiv_sti_st0, Code.Fdivp_sti_st0);
        AddRegisters<FloatOperations.DivideReversed>(table, Code.Fdivr_st0_sti, Code.Fdivr_sti_st0, Code.Fdivrp_sti_st0);
        table.Add(Code.Fsqrt, &SquareRoot, Guard.X87);
        table.Add(Code.Fabs, &Absolute, Guard.X87);
        table.Add(Code.Fchs, &ChangeSign, Guard.X87);
    }

    private static void AddMemory<TOperation>(HandlerTable table, Code single, Code doublePrecision, Code int16, Code int32)
        where TOperation : struct, IFloatOperation
    {
        table.Add(single, &WithMemory<TOperation, FloatSources.Single>, Guard.X87);
        table.Add(doublePrecision, &WithMemory<TOperation, FloatSources.Double>, Guard.X87);
        table.Add(int16, &WithMemory<TOperation, FloatSources.Int16>, Guard.X87);
        table.Add(int32, &WithMemory<TOperation, FloatSources.Int32>, Guard.X87);
    }

    private static void AddRegisters<TOperation>(HandlerTable table, Code toTop, Code fromTop, Code fromTopAndPop)
        where TOperation : struct, IFloatOperation
    {
        table.Add(toTop, &WithRegister<TOperation>, Guard.X87);
        table.Add(fromTop, &WithRegister<TOperation>, Guard.X87);
        table.Add(fromTopAndPop, &WithRegisterAndPop<TOperation>, Guard.X87);
    }

    private static Status WithMemory<TOperation, TSource>(Vcpu cpu, Op* op)
        where TOperation : struct, IFloatOperation
        where TSource : struct, IFloatSource
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!TSource.Load(cpu, op, out var right))
            return cpu.FaultOrExit;
        X87Unit.NoteMemory(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (stack.IsEmpty(0))
        {
            if (stack.Fault(overflow: false))
                stack[0] = X87Stack.Indefinite;
            return Status.Next;
        }
        var context = stack.Context;
        var result = SoftFloat.Round80(TOperation.Apply(stack.Value(0), right, ref context), ref context);
        if (stack.Accept(context))
            stack[0] = result;
        return Status.Next;
    }

    private static Status WithRegister<TOperation>(Vcpu cpu, Op* op) where TOperation : struct, IFloatOperation
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        Operate<TOperation>(new X87Stack(ref cpu.Fpu), op->Reg0, op->Reg1);
        return Status.Next;
    }

    private static Status WithRegisterAndPop<TOperation>(Vcpu cpu, Op* op) where TOperation : struct, IFloatOperation
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        var stack = new X87Stack(ref cpu.Fpu);
        if (Operate<TOperation>(stack, op->Reg0, op->Reg1))
            stack.Pop();
        return Status.Next;
    }

    /// <returns>Whether there was a result.</returns>
    private static bool Operate<TOperation>(X87Stack stack, int destination, int source) where TOperation : struct, IFloatOperation
    {
        if (stack.IsEmpty(destination) || stack.IsEmpty(source))
        {
            if (!stack.Fault(overflow: false))
                return false;
            stack[destination] = X87Stack.Indefinite;
            return true;
        }
        var context = stack.Context;
        var result = SoftFloat.Round80(TOperation.Apply(stack.Value(destination), stack.Value(source), ref context), ref context);
        if (!stack.Accept(context))
            return false;
        stack[destination] = result;
        return true;
    }

    private static Status SquareRoot(Vcpu cpu, Op* op)
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
        var result = SoftFloat.Round80(SoftFloat.SquareRoot(stack.Value(0), ref context), ref context);
        if (stack.Accept(context))
            stack[0] = result;
        return Status.Next;
    }

    private static Status Absolute(Vcpu cpu, Op* op) => WithSign(cpu, op, ~0x8000, 0);

    private static Status ChangeSign(Vcpu cpu, Op* op) => WithSign(cpu, op, ~0, 0x8000);

    // No encoding is invalid here: only the sign changes.
    private static Status WithSign(Vcpu cpu, Op* op, int keep, int invert)
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
        stack.SetC1(false);
        var value = stack[0];
        stack[0] = value with { SignExponent = (ushort)((value.SignExponent & keep) ^ invert) };
        return Status.Next;
    }
}
