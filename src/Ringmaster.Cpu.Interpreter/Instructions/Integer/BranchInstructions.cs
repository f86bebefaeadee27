using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>Near JMP, CALL and RET, LOOP and JCXZ.</summary>
internal static unsafe class BranchInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Jmp_rel8_16, &Jump16);
        table.Add(Code.Jmp_rel8_32, &Jump32);
        table.Add(Code.Jmp_rel8_64, &Jump64);
        table.Add(Code.Jmp_rel16, &Jump16);
        table.Add(Code.Jmp_rel32_32, &Jump32);
        table.Add(Code.Jmp_rel32_64, &Jump64);
        table.Add(Code.Jmp_rm16, &JumpReg<ushort>, &JumpMem<ushort>);
        table.Add(Code.Jmp_rm32, &JumpReg<uint>, &JumpMem<uint>);
        table.Add(Code.Jmp_rm64, &JumpReg<ulong>, &JumpMem<ulong>);
        table.Add(Code.Call_rel16, &Call16);
        table.Add(Code.Call_rel32_32, &Call32);
        table.Add(Code.Call_rel32_64, &Call64);
        table.Add(Code.Call_rm16, &CallReg<ushort>, &CallMem<ushort>);
        table.Add(Code.Call_rm32, &CallReg<uint>, &CallMem<uint>);
        table.Add(Code.Call_rm64, &CallReg<ulong>, &CallMem<ulong>);
        table.Add(Code.Retnw, &Return<ushort>);
        table.Add(Code.Retnd, &Return<uint>);
        table.Add(Code.Retnq, &Return<ulong>);
        table.Add(Code.Retnw_imm16, &Return<ushort>);
        table.Add(Code.Retnd_imm16, &Return<uint>);
        table.Add(Code.Retnq_imm16, &Return<ulong>);

        // Each of these lists: 16-bit target with CX, 32 CX, 16 ECX, 32 ECX, 64 ECX, 16 RCX, 64 RCX.
        EnterLoop<Unless<IfEqual>>(table, Code.Loopne_rel8_16_CX);
        EnterLoop<IfEqual>(table, Code.Loope_rel8_16_CX);
        EnterLoop<Always>(table, Code.Loop_rel8_16_CX);
        table.Add(Code.Jcxz_rel8_16, &JumpIfZero<ushort>);
        table.Add(Code.Jcxz_rel8_32, &JumpIfZero<ushort>);
        table.Add(Code.Jecxz_rel8_16, &JumpIfZero<uint>);
        table.Add(Code.Jecxz_rel8_32, &JumpIfZero<uint>);
        table.Add(Code.Jecxz_rel8_64, &JumpIfZero<uint>);
        table.Add(Code.Jrcxz_rel8_16, &JumpIfZero<ulong>);
        table.Add(Code.Jrcxz_rel8_64, &JumpIfZero<ulong>);
    }

    private static void EnterLoop<TCondition>(HandlerTable table, Code first) where TCondition : struct, ICondition
    {
        table.Add(first, &Loop<TCondition, ushort>);
        table.Add(first + 1, &Loop<TCondition, ushort>);
        table.Add(first + 2, &Loop<TCondition, uint>);
        table.Add(first + 3, &Loop<TCondition, uint>);
        table.Add(first + 4, &Loop<TCondition, uint>);
        table.Add(first + 5, &Loop<TCondition, ulong>);
        table.Add(first + 6, &Loop<TCondition, ulong>);
    }

    private static Status Jump16(Vcpu cpu, Op* op) => cpu.JumpNear16(op, op->Immediate);

    private static Status Jump32(Vcpu cpu, Op* op) => cpu.JumpNear32(op, op->Immediate);

    private static Status Jump64(Vcpu cpu, Op* op) => cpu.JumpNear64(op, op->Immediate);

    private static Status JumpReg<T>(Vcpu cpu, Op* op) where T : unmanaged => JumpTo(cpu, cpu.Reg<T>(op->Reg0));

    private static Status JumpMem<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Read(op, out T target) ? JumpTo(cpu, target) : cpu.FaultOrExit;

    private static Status JumpTo<T>(Vcpu cpu, T target) where T : unmanaged =>
        sizeof(T) == 8 ? cpu.JumpTo64(*(ulong*)&target)
        : cpu.JumpToLegacy(sizeof(T) == 4 ? *(uint*)&target : *(ushort*)&target);

    private static Status Call16(Vcpu cpu, Op* op) => CallTo(cpu, op, (ushort)(cpu.RipOf(op) - op->Offset + op->Immediate));

    private static Status Call32(Vcpu cpu, Op* op) => CallTo(cpu, op, (uint)(cpu.RipOf(op) - op->Offset + op->Immediate));

    private static Status Call64(Vcpu cpu, Op* op) => CallTo(cpu, op, cpu.RipOf(op) - op->Offset + op->Immediate);

    private static Status CallReg<T>(Vcpu cpu, Op* op) where T : unmanaged => CallTo(cpu, op, cpu.Reg<T>(op->Reg0));

    private static Status CallMem<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Read(op, out T target) ? CallTo(cpu, op, target) : cpu.FaultOrExit;

    // The stack and the target are checked, in this order, before the return address is stored.
    private static Status CallTo<T>(Vcpu cpu, Op* op, T target) where T : unmanaged
    {
        var next = cpu.NextRipOf(op);
        var status = JumpTo(cpu, target);
        if (status != Status.Fault)
            return cpu.Push(*(T*)&next) ? status : cpu.FaultOrExit;
        return !cpu.Is64BitMode || cpu.ProbeWrite(SegmentIndex.Ss, cpu.R64(RegisterFile.Rsp) - (ulong)sizeof(T), sizeof(T))
            ? status : cpu.FaultOrExit;
    }

    private static Status Return<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.ReadStack(0, out T target))
            return cpu.FaultOrExit;
        var status = JumpTo(cpu, target);
        if (status == Status.Branch)
            cpu.StackPointer += (ulong)sizeof(T) + (ushort)op->Immediate;
        return status;
    }

    private static Status Loop<TCondition, T>(Vcpu cpu, Op* op) where TCondition : struct, ICondition where T : unmanaged,
        System.Numerics.IBinaryInteger<T>
    {
        var count = cpu.Reg<T>(RegisterFile.Rcx) - T.One;
        var taken = count != T.Zero && TCondition.Holds(cpu.Registers);
        var status = taken ? JumpByOperandSize(cpu, op) : cpu.FallThrough(op);
        if (status != Status.Fault)
            cpu.SetReg(RegisterFile.Rcx, count);
        return status;
    }

    private static Status JumpIfZero<T>(Vcpu cpu, Op* op) where T : unmanaged, System.Numerics.IBinaryInteger<T> =>
        cpu.Reg<T>(RegisterFile.Rcx) == T.Zero ? JumpByOperandSize(cpu, op) : cpu.FallThrough(op);

    private static Status JumpByOperandSize(Vcpu cpu, Op* op)
    {
        if (op->Is(OpFlags.Operand16))
            return cpu.JumpNear16(op, op->Immediate);
        return op->Is(OpFlags.LongMode) ? cpu.JumpNear64(op, op->Immediate) : cpu.JumpNear32(op, op->Immediate);
    }

    private readonly struct Always : ICondition
    {
        public static bool Holds(CpuFile* file) => true;
    }
}
