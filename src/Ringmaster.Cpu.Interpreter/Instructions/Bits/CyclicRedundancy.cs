using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Bits;

/// <summary>CRC32, over the Castagnoli polynomial. The upper half of a 64-bit destination becomes zero.</summary>
internal static unsafe class CyclicRedundancy
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Crc32_r32_rm8, &FromRegister<byte>, &FromMemory<byte>);
        table.Add(Code.Crc32_r64_rm8, &FromRegister<byte>, &FromMemory<byte>);
        table.Add(Code.Crc32_r32_rm16, &FromRegister<ushort>, &FromMemory<ushort>);
        table.Add(Code.Crc32_r32_rm32, &FromRegister<uint>, &FromMemory<uint>);
        table.Add(Code.Crc32_r64_rm64, &FromRegister<ulong>, &FromMemory<ulong>);
    }

    private static Status FromRegister<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.SetReg(op->Reg0, Accumulate(cpu.Reg<uint>(op->Reg0), cpu.Reg<T>(op->Reg1)));
        return Status.Next;
    }

    private static Status FromMemory<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.Read<T>(op, out var data))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, Accumulate(cpu.Reg<uint>(op->Reg0), data));
        return Status.Next;
    }

    private static uint Accumulate<T>(uint crc, T data) where T : unmanaged
    {
        if (typeof(T) == typeof(byte))
            return BitOperations.Crc32C(crc, (byte)(object)data);
        if (typeof(T) == typeof(ushort))
            return BitOperations.Crc32C(crc, (ushort)(object)data);
        return typeof(T) == typeof(uint) ? BitOperations.Crc32C(crc, (uint)(object)data) : BitOperations.Crc32C(crc, (ulong)(object)data);
    }
}
