using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>PUSH and POP of general registers, memory and immediates, PUSHA, POPA, ENTER, LEAVE.</summary>
internal static unsafe class StackInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Push_r16, &PushReg<ushort>);
        table.Add(Code.Push_r32, &PushReg<uint>);
        table.Add(Code.Push_r64, &PushReg<ulong>);
        table.Add(Code.Push_rm16, &PushReg<ushort>, &PushMem<ushort>);
        table.Add(Code.Push_rm32, &PushReg<uint>, &PushMem<uint>);
        table.Add(Code.Push_rm64, &PushReg<ulong>, &PushMem<ulong>);
        table.Add(Code.Push_imm16, &PushImm<ushort>);
        table.Add(Code.Pushd_imm32, &PushImm<uint>);
        table.Add(Code.Pushq_imm32, &PushImm<ulong>);
        table.Add(Code.Pushw_imm8, &PushImm<ushort>);
        table.Add(Code.Pushd_imm8, &PushImm<uint>);
        table.Add(Code.Pushq_imm8, &PushImm<ulong>);
        table.Add(Code.Pop_r16, &PopReg<ushort>);
        table.Add(Code.Pop_r32, &PopReg<uint>);
        table.Add(Code.Pop_r64, &PopReg<ulong>);
        table.Add(Code.Pop_rm16, &PopReg<ushort>, &PopMem<ushort>);
        table.Add(Code.Pop_rm32, &PopReg<uint>, &PopMem<uint>);
        table.Add(Code.Pop_rm64, &PopReg<ulong>, &PopMem<ulong>);
        table.Add(Code.Pushaw, &PushAll<ushort>);
        table.Add(Code.Pushad, &PushAll<uint>);
        table.Add(Code.Popaw, &PopAll<ushort>);
        table.Add(Code.Popad, &PopAll<uint>);
        table.Add(Code.Enterw_imm16_imm8, &Enter<ushort>);
        table.Add(Code.Enterd_imm16_imm8, &Enter<uint>);
        table.Add(Code.Enterq_imm16_imm8, &Enter<ulong>);
        table.Add(Code.Leavew, &Leave<ushort>);
        table.Add(Code.Leaved, &Leave<uint>);
        table.Add(Code.Leaveq, &Leave<ulong>);
    }

    private static Status PushReg<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Push(cpu.Reg<T>(op->Reg0)) ? Status.Next : cpu.FaultOrExit;

    private static Status PushMem<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Read(op, out T value) && cpu.Push(value) ? Status.Next : cpu.FaultOrExit;

    private static Status PushImm<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        cpu.Push(T.CreateTruncating(op->Immediate)) ? Status.Next : cpu.FaultOrExit;

    private static Status PopReg<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.Pop(out T value))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, value);
        return Status.Next;
    }

    // An operand based on RSP is formed after the pop has moved it (SDM 2B POP).
    private static Status PopMem<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        var before = cpu.R64(RegisterFile.Rsp);
        if (cpu.Pop(out T value) && cpu.Write(op, value))
            return Status.Next;
        cpu.R64(RegisterFile.Rsp) = before;
        return cpu.FaultOrExit;
    }

    private static Status PushAll<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        var before = cpu.R64(RegisterFile.Rsp);
        for (var i = 0; i < 8; i++)
        {
            var register = (byte)(i * 8);
            var value = register == RegisterFile.Rsp ? Low<T>(before) : cpu.Reg<T>(register);
            if (cpu.Push(value))
                continue;
            cpu.R64(RegisterFile.Rsp) = before;
            return cpu.FaultOrExit;
        }
        return Status.Next;
    }

    private static Status PopAll<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        var values = stackalloc T[8];
        for (var i = 0; i < 8; i++)
        {
            if (!cpu.ReadStack((ulong)(i * sizeof(T)), out values[7 - i]))
                return cpu.FaultOrExit;
        }
        cpu.StackPointer += (ulong)(8 * sizeof(T));
        for (var i = 0; i < 8; i++)
        {
            if (i * 8 != RegisterFile.Rsp)
                cpu.SetReg((byte)(i * 8), values[i]);
        }
        return Status.Next;
    }

    // SDM 2A ENTER. The frame's last byte is probed, as processors do, so that a later fault leaves nothing changed.
    private static Status Enter<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        var size = (ushort)op->Immediate;
        var level = (int)(op->Immediate >> 32) & 31;
        var before = cpu.R64(RegisterFile.Rsp);
        if (!cpu.Push(cpu.Reg<T>(RegisterFile.Rbp)))
            return cpu.FaultOrExit;
        var frame = cpu.R64(RegisterFile.Rsp);
        var ok = true;
        for (var i = 1; ok && i < level; i++)
        {
            var displacement = cpu.R64(RegisterFile.Rbp) - (ulong)(i * sizeof(T)) - cpu.R64(RegisterFile.Rsp);
            ok = cpu.ReadStack(displacement, out T pointer) && cpu.Push(pointer);
        }
        if (ok && level > 0)
            ok = cpu.Push(Low<T>(frame));
        if (ok)
        {
            cpu.StackPointer -= size;
            ok = cpu.ProbeStack(sizeof(T));
        }
        if (!ok)
        {
            cpu.R64(RegisterFile.Rsp) = before;
            return cpu.FaultOrExit;
        }
        cpu.SetReg(RegisterFile.Rbp, Low<T>(frame));
        return Status.Next;
    }

    private static Status Leave<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        var before = cpu.R64(RegisterFile.Rsp);
        cpu.StackPointer = cpu.R64(RegisterFile.Rbp);
        if (!cpu.Pop(out T value))
        {
            cpu.R64(RegisterFile.Rsp) = before;
            return cpu.FaultOrExit;
        }
        cpu.SetReg(RegisterFile.Rbp, value);
        return Status.Next;
    }

    private static T Low<T>(ulong value) where T : unmanaged => *(T*)&value;
}
