using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>IMUL of 64-bit registers with a result of 64 bits.</summary>
internal static unsafe class ChainedProducts
{
    public static void Register(ChainTable table)
    {
        Enter<Seen>(table.Whole);
        Enter<Unseen>(table.Silent);
        foreach (var code in (ReadOnlySpan<Code>)[Code.Imul_r64_rm64, Code.Imul_r64_rm64_imm32, Code.Imul_r64_rm64_imm8])
            table.SetEffect(code, FlagEffect.Replaces);
    }

    private static void Enter<TFlags>(ChainForms forms) where TFlags : struct, IVisibility
    {
        forms.Add(Code.Imul_r64_rm64, &RegReg<TFlags>);
        forms.Add(Code.Imul_r64_rm64, &RegMem<TFlags, Based>, &RegMem<TFlags, Indexed>);
        forms.Add(Code.Imul_r64_rm64_imm32, &RegImm<TFlags>);
        forms.Add(Code.Imul_r64_rm64_imm8, &RegImm<TFlags>);
    }

    private static Status RegReg<TFlags>(Op* op, CpuFile* file) where TFlags : struct, IVisibility
    {
        StoreProduct<TFlags>(op, file, file->Reg<ulong>(op->Reg0), file->Reg<ulong>(op->Reg1));
        return Chain.Next(op, file);
    }

    private static Status RegImm<TFlags>(Op* op, CpuFile* file) where TFlags : struct, IVisibility
    {
        StoreProduct<TFlags>(op, file, file->Reg<ulong>(op->Reg1), op->Immediate);
        return Chain.Next(op, file);
    }

    private static Status RegMem<TFlags, TAddress>(Op* op, CpuFile* file) where TFlags : struct, IVisibility where TAddress : struct, IAddress
    {
        var linear = TAddress.Linear(op, file);
        if (!file->MayLoad<ulong>(linear, out var addend))
            return Chain.Plain(op, file);
        StoreProduct<TFlags>(op, file, file->Reg<ulong>(op->Reg0), CpuFile.Load<ulong>(linear, addend));
        return Chain.Next(op, file);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreProduct<TFlags>(Op* op, CpuFile* file, ulong left, ulong right) where TFlags : struct, IVisibility
    {
        var low = left * right;
        file->SetReg(op->Reg0, low);
        if (!TFlags.AreSeen)
            return;
        // The high half of the signed product.
        var high = (long)HighProduct(left, right) - (((long)left >> 63) & (long)right) - (((long)right >> 63) & (long)left);
        var overflow = high != (long)low >> 63;
        file->SetLogicFlags(low, overflow, overflow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HighProduct(ulong left, ulong right) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(left, right) : Math.BigMul(left, right, out _);
}
