using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>Far JMP, CALL and RET, IRET.</summary>
internal static unsafe class FarTransferInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Jmp_ptr1616, &JumpDirect);
        table.Add(Code.Jmp_ptr1632, &JumpDirect);
        table.Add(Code.Jmp_m1616, null, &JumpIndirect<ushort>);
        table.Add(Code.Jmp_m1632, null, &JumpIndirect<uint>);
        table.Add(Code.Jmp_m1664, null, &JumpIndirect<ulong>);
        table.Add(Code.Call_ptr1616, &CallDirect<ushort>);
        table.Add(Code.Call_ptr1632, &CallDirect<uint>);
        table.Add(Code.Call_m1616, null, &CallIndirect<ushort>);
        table.Add(Code.Call_m1632, null, &CallIndirect<uint>);
        table.Add(Code.Call_m1664, null, &CallIndirect<ulong>);
        table.Add(Code.Retfw, &Return<ushort>);
        table.Add(Code.Retfd, &Return<uint>);
        table.Add(Code.Retfq, &Return<ulong>);
        table.Add(Code.Retfw_imm16, &Return<ushort>);
        table.Add(Code.Retfd_imm16, &Return<uint>);
        table.Add(Code.Retfq_imm16, &Return<ulong>);
        table.Add(Code.Iretw, &InterruptReturn<ushort>);
        table.Add(Code.Iretd, &InterruptReturn<uint>);
        table.Add(Code.Iretq, &InterruptReturn<ulong>);
    }

    private static Status JumpDirect(Vcpu cpu, Op* op) =>
        cpu.FarJump((ushort)(op->Immediate >> 32), (uint)op->Immediate, cpu.NextRipOf(op));

    private static Status JumpIndirect<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        ReadTarget<T>(cpu, op, out var selector, out var offset) ? cpu.FarJump(selector, offset, cpu.NextRipOf(op)) : cpu.FaultOrExit;

    private static Status CallDirect<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.FarCall((ushort)(op->Immediate >> 32), (uint)op->Immediate, sizeof(T), cpu.NextRipOf(op));

    private static Status CallIndirect<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        ReadTarget<T>(cpu, op, out var selector, out var offset)
            ? cpu.FarCall(selector, offset, sizeof(T), cpu.NextRipOf(op)) : cpu.FaultOrExit;

    private static Status Return<T>(Vcpu cpu, Op* op) where T : unmanaged => cpu.FarReturn(sizeof(T), (ushort)op->Immediate);

    private static Status InterruptReturn<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        Vcpu.Serialize();
        return cpu.InterruptReturn(sizeof(T), cpu.NextRipOf(op));
    }

    private static bool ReadTarget<T>(Vcpu cpu, Op* op, out ushort selector, out ulong offset) where T : unmanaged
    {
        selector = 0;
        offset = 0;
        if (!cpu.LinearOperand(op, sizeof(T) + 2, AccessKind.Read, out var linear)
            || !cpu.ReadLinear(op->Segment, linear, out T value)
            || !cpu.ReadLinear(op->Segment, linear + (ulong)sizeof(T), out selector))
            return false;
        offset = typeof(T) == typeof(ushort) ? (ushort)(object)value : typeof(T) == typeof(uint) ? (uint)(object)value : (ulong)(object)value;
        return true;
    }
}
