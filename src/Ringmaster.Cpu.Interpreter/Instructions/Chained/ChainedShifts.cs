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
        EnterRotations<TCount, uint>(table, first);
        EnterRotations<TCount, ulong>(table, first + 1);
        EnterShifts<TCount, uint, Seen>(table.Whole, first + 4 * 3);
        EnterShifts<TCount, uint, Unseen>(table.Silent, first + 4 * 3);
        EnterShifts<TCount, ulong, Seen>(table.Whole, first + 4 * 3 + 1);
        EnterShifts<TCount, ulong, Unseen>(table.Silent, first + 4 * 3 + 1);
        for (var index = 4; TCount.IsConstant && index < 8; index++)
        {
            table.SetEffect(first + index * 3, FlagEffect.ReplacesIfCounted);
            table.SetEffect(first + index * 3 + 1, FlagEffect.ReplacesIfCounted);
        }
    }

    private static void EnterRotations<TCount, T>(ChainTable table, Code rotateLeft) where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        table.Whole.Add(rotateLeft, &RotateLeft<TCount, T>);
        table.Whole.Add(rotateLeft + 1 * 3, &RotateRight<TCount, T>);
    }

    private static void EnterShifts<TCount, T, TFlags>(ChainForms forms, Code shiftLeft)
        where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T> where TFlags : struct, IVisibility
    {
        forms.Add(shiftLeft, &ShiftLeft<TCount, T, TFlags>);
        forms.Add(shiftLeft + 1 * 3, &ShiftRight<TCount, T, TFlags>);
        forms.Add(shiftLeft + 2 * 3, &ShiftLeft<TCount, T, TFlags>);
        forms.Add(shiftLeft + 3 * 3, &ShiftArithmeticRight<TCount, T, TFlags>);
    }

    private static Status ShiftLeft<TCount, T, TFlags>(Op* op, CpuFile* file)
        where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T> where TFlags : struct, IVisibility
    {
        var count = TCount.Of(op, file) & (sizeof(T) * 8 - 1);
        if (count == 0)
            return Chain.Plain(op, file);
        var value = file->Reg<T>(op->Reg0);
        var result = value << count;
        file->SetReg(op->Reg0, result);
        if (TFlags.AreSeen)
            SetFlags(file, result, (Low(value >>> (sizeof(T) * 8 - count)) * 2) + Top(result));
        return Chain.Next(op, file);
    }

    private static Status ShiftRight<TCount, T, TFlags>(Op* op, CpuFile* file)
        where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T> where TFlags : struct, IVisibility
    {
        var count = TCount.Of(op, file) & (sizeof(T) * 8 - 1);
        if (count == 0)
            return Chain.Plain(op, file);
        var value = file->Reg<T>(op->Reg0);
        var result = value >>> count;
        file->SetReg(op->Reg0, result);
        if (TFlags.AreSeen)
            SetFlags(file, result, (Low(value >>> (count - 1)) * Carries) ^ (count == 1 ? Top(value) : 0));
        return Chain.Next(op, file);
    }

    private static Status ShiftArithmeticRight<TCount, T, TFlags>(Op* op, CpuFile* file)
        where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T> where TFlags : struct, IVisibility
    {
        var count = TCount.Of(op, file) & (sizeof(T) * 8 - 1);
        if (count == 0)
            return Chain.Plain(op, file);
        var value = (long)CpuFile.SignExtend(file->Reg<T>(op->Reg0));
        var result = T.CreateTruncating((ulong)(value >> count));
        file->SetReg(op->Reg0, result);
        if (TFlags.AreSeen)
            SetFlags(file, result, (uint)((value >> (count - 1)) & 1) * Carries);
        return Chain.Next(op, file);
    }

    private static Status RotateLeft<TCount, T>(Op* op, CpuFile* file)
        where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Of(op, file) & (sizeof(T) * 8 - 1);
        if (count == 0)
            return Chain.Plain(op, file);
        var result = T.RotateLeft(file->Reg<T>(op->Reg0), count);
        file->SetReg(op->Reg0, result);
        file->FlagCarries = (file->FlagCarries & ~Carries) + (Low(result) * 2) + Top(result);
        return Chain.Next(op, file);
    }

    private static Status RotateRight<TCount, T>(Op* op, CpuFile* file)
        where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Of(op, file) & (sizeof(T) * 8 - 1);
        if (count == 0)
            return Chain.Plain(op, file);
        var result = T.RotateRight(file->Reg<T>(op->Reg0), count);
        file->SetReg(op->Reg0, result);
        file->FlagCarries = (file->FlagCarries & ~Carries) + (Top(result) * 2) + Top(result << 1);
        return Chain.Next(op, file);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetFlags<T>(CpuFile* file, T result, uint carries) where T : unmanaged
    {
        file->FlagResult = CpuFile.SignExtend(result);
        file->FlagCarries = carries;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Top<T>(T value) where T : unmanaged, IBinaryInteger<T> => uint.CreateTruncating(value >>> (sizeof(T) * 8 - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Low<T>(T value) where T : unmanaged, IBinaryInteger<T> => uint.CreateTruncating(value) & 1;

    private interface ICount
    {
        static abstract bool IsConstant { get; }

        static abstract int Of(Op* op, CpuFile* file);
    }

    private readonly struct Constant : ICount
    {
        public static bool IsConstant => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Of(Op* op, CpuFile* file) => (int)op->Immediate;
    }

    private readonly struct FromCl : ICount
    {
        public static bool IsConstant => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Of(Op* op, CpuFile* file) => file->Reg<byte>(RegisterFile.Rcx);
    }
}
