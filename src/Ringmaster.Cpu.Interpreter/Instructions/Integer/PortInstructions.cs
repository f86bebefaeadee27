using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>IN and OUT.</summary>
internal static unsafe class PortInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.In_AL_imm8, &InImmediate<byte>);
        table.Add(Code.In_AX_imm8, &InImmediate<ushort>);
        table.Add(Code.In_EAX_imm8, &InImmediate<uint>);
        table.Add(Code.In_AL_DX, &InDx<byte>);
        table.Add(Code.In_AX_DX, &InDx<ushort>);
        table.Add(Code.In_EAX_DX, &InDx<uint>);
        table.Add(Code.Out_imm8_AL, &OutImmediate<byte>);
        table.Add(Code.Out_imm8_AX, &OutImmediate<ushort>);
        table.Add(Code.Out_imm8_EAX, &OutImmediate<uint>);
        table.Add(Code.Out_DX_AL, &OutDx<byte>);
        table.Add(Code.Out_DX_AX, &OutDx<ushort>);
        table.Add(Code.Out_DX_EAX, &OutDx<uint>);
    }

    private static Status InImmediate<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> => In<T>(cpu, (ushort)op->Immediate);

    private static Status InDx<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> => In<T>(cpu, cpu.Reg<ushort>(RegisterFile.Rdx));

    private static Status OutImmediate<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> => Out<T>(cpu, (ushort)op->Immediate);

    private static Status OutDx<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> => Out<T>(cpu, cpu.Reg<ushort>(RegisterFile.Rdx));

    private static Status In<T>(Vcpu cpu, ushort port) where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.CheckPortPermission(port, sizeof(T)) || !cpu.Ask(VmExit.PortRead(new IoPort(port), sizeof(T)), out var value))
            return cpu.FaultOrExit;
        cpu.SetReg(RegisterFile.Rax, T.CreateTruncating(value));
        cpu.WatchPort(port, sizeof(T));
        return Status.Next;
    }

    private static Status Out<T>(Vcpu cpu, ushort port) where T : unmanaged, IBinaryInteger<T>
    {
        var value = uint.CreateTruncating(cpu.Reg<T>(RegisterFile.Rax));
        if (!cpu.CheckPortPermission(port, sizeof(T)) || !cpu.Ask(VmExit.PortWrite(new IoPort(port), sizeof(T), value), out _))
            return cpu.FaultOrExit;
        cpu.WatchPort(port, sizeof(T));
        return Status.Next;
    }
}
