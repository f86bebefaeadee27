using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>Shifts and rotations of 32- and 64-bit registers by constants and by CL. Counts of zero are left to the plain handlers.</summary>
/// <remarks>The carry word's two low bits are set together: CF is bit 1, and OF is their difference.</remarks>
internal static unsafe class ChainedShifts
{
    private const uint Carries = 3;

    public static void Register(ChainTable table)
    {
        // The groups C1, D1 and D3, each in the order ROL ROR RCL RCR SHL SHR SAL SAR.
        Enter<Constant>(table, Code.Rol_rm32_imm8);
        Enter<Constant>(table, Code.Rol_rm32_1);
        Enter<FromCl>(table, Code.Rol_rm32_CL);
    }

    private static void Enter<TCount>(ChainTable table, Code first) where TCount : struct, ICount
    {
        EnterWidth<TCount, uint>(table, first);
        EnterWidth<TCount, ulong>(table, first + 1);
    }

    private static void EnterWidth<TCount, T>(ChainTable table, Code rotateLeft) where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        table.Add(rotateLeft, &RotateLeft<TCount, T>);
        table.Add(rotateLeft + 1 * 3, &RotateRight<TCount, T>);
        table.Add(rotateLeft + 4 * 3, &ShiftLeft<TCount, T>);
        table.Add(rotateLeft + 5 * 3, &ShiftRight<TCount, T>);
        table.Add(rotateLeft + 6 * 3, &ShiftLeft<TCount, T>);
        table.Add(rotateLeft + 7 * 3, &ShiftArithmeticRight<TCount, T>);
    }

    private static Status ShiftLeft<TCount, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Of(op, file) & (sizeof(T) * 8 - 1);
        if (count == 0)
            return Chain.Plain(op, file, cpu);
        var value = file->Reg<T>(op->Reg0);
        var result = value << count;
        file->SetReg(op->Reg0, result);
        file->FlagResult = CpuFile.SignExtend(result);
        file->FlagCarries = Low(value >>> (sizeof(T) * 8 - count)) * 2 + Top(result);
        return Chain.Next(op, file, cpu);
    }

    private static Status ShiftRight<TCount, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Of(op, file) & (sizeof(T) * 8 - 1);
        if (count == 0)
            return Chain.Plain(op, file, cpu);
        var value = file->Reg<T>(op->Reg0);
        var result = value >>> count;
        file->SetReg(op->Reg0, result);
        file->FlagResult = CpuFile.SignExtend(result);
        file->FlagCarries = (Low(value >>> (count - 1)) * Carries) ^ (count == 1 ? Top(value) : 0);
        return Chain.Next(op, file, cpu);
    }

    private static Status ShiftArithmeticRight<TCount, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Of(op, file) & (sizeof(T) * 8 - 1);
        if (count == 0)
            return Chain.Plain(op, file, cpu);
        var value = (long)CpuFile.SignExtend(file->Reg<T>(op->Reg0));
        var result = T.CreateTruncating((ulong)(value >> count));
        file->SetReg(op->Reg0, result);
        file->FlagResult = (ulong)(value >> count);
        file->FlagCarries = (uint)(value >> (count - 1) & 1) * Carries;
        return Chain.Next(op, file, cpu);
    }

    private static Status RotateLeft<TCount, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Of(op, file) & (sizeof(T) * 8 - 1);
        if (count == 0)
            return Chain.Plain(op, file, cpu);
        var result = T.RotateLeft(file->Reg<T>(op->Reg0), count);
        file->SetReg(op->Reg0, result);
        file->FlagCarries = (file->FlagCarries & ~Carries) + Low(result) * 2 + Top(result);
        return Chain.Next(op, file, cpu);
    }

    private static Status RotateRight<TCount, T>(Op* op, CpuFile* file, Vcpu cpu)
        where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Of(op, file) & (sizeof(T) * 8 - 1);
        if (count == 0)
            return Chain.Plain(op, file, cpu);
        var result = T.RotateRight(file->Reg<T>(op->Reg0), count);
        file->SetReg(op->Reg0, result);
        file->FlagCarries = (file->FlagCarries & ~Carries) + Top(result) * 2 + Top(result << 1);
        return Chain.Next(op, file, cpu);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Top<T>(T value) where T : unmanaged, IBinaryInteger<T> => uint.CreateTruncating(value >>> (sizeof(T) * 8 - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Low<T>(T value) where T : unmanaged, IBinaryInteger<T> => uint.CreateTruncating(value) & 1;

    private interface ICount
    {
        static abstract int Of(Op* op, CpuFile* file);
    }

    private readonly struct Constant : ICount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Of(Op* op, CpuFile* file) => (int)op->Immediate;
    }

    private readonly struct FromCl : ICount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Of(Op* op, CpuFile* file) => file->Reg<byte>(RegisterFile.Rcx);
    }
}
