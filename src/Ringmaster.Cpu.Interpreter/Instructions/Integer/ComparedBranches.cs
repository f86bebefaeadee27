using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>
/// A comparison and the conditional branch behind it in one go: every tenth instruction of a kernel is such a branch, and finding
/// the next handler takes as long as most of them. Only in 64-bit code.
/// </summary>
internal static unsafe class ComparedBranches
{
    private const int Conditions = 16;

    private static readonly Dictionary<nint, nint[]> s_fused = Create();

    private interface IForm
    {
        static abstract Status Execute<TOperation, T>(Vcpu cpu, Op* op)
            where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>;
    }

    /// <summary>Has the first of two operations carry out both, if they are a comparison and a branch.</summary>
    /// <param name="pair">The first of the two; the second ends a block.</param>
    public static void Fuse(Op* pair)
    {
        var condition = ConditionOf((Code)pair[1].Code);
        if (condition < 0 || pair->Is(OpFlags.Lock) || !s_fused.TryGetValue((nint)pair->Execute, out var handlers))
            return;
        pair->Execute = (delegate*<Vcpu, Op*, Status>)handlers[condition];
        pair->Fused = 1;
    }

    private static int ConditionOf(Code code)
    {
        // They stand in the order of their conditions, each with three operand sizes.
        foreach (var first in (ReadOnlySpan<Code>)[Code.Jo_rel8_64, Code.Jo_rel32_64])
        {
            if (code >= first && code < first + Conditions * 3 && (code - first) % 3 == 0)
                return (code - first) / 3;
        }
        return -1;
    }

    private static Dictionary<nint, nint[]> Create()
    {
        var fused = new Dictionary<nint, nint[]>();
        EnterWidths<Compare>(fused);
        EnterWidths<Test>(fused);
        return fused;
    }

    private static void EnterWidths<TOperation>(Dictionary<nint, nint[]> fused) where TOperation : struct, IBinaryOperation
    {
        EnterForms<TOperation, byte>(fused);
        EnterForms<TOperation, ushort>(fused);
        EnterForms<TOperation, uint>(fused);
        EnterForms<TOperation, ulong>(fused);
    }

    private static void EnterForms<TOperation, T>(Dictionary<nint, nint[]> fused)
        where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        fused.Add((nint)(delegate*<Vcpu, Op*, Status>)&BinaryInstructions.RegReg<TOperation, T>, All<RegReg, TOperation, T>());
        fused.Add((nint)(delegate*<Vcpu, Op*, Status>)&BinaryInstructions.RegImm<TOperation, T>, All<RegImm, TOperation, T>());
        fused.Add((nint)(delegate*<Vcpu, Op*, Status>)&BinaryInstructions.RegMem<TOperation, T>, All<RegMem, TOperation, T>());
        fused.Add((nint)(delegate*<Vcpu, Op*, Status>)&BinaryInstructions.MemReg<TOperation, T>, All<MemReg, TOperation, T>());
        fused.Add((nint)(delegate*<Vcpu, Op*, Status>)&BinaryInstructions.MemImm<TOperation, T>, All<MemImm, TOperation, T>());
    }

    private static nint[] All<TForm, TOperation, T>()
        where TForm : struct, IForm where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T> =>
    [
        .. Pair<TForm, TOperation, IfOverflow, T>(), .. Pair<TForm, TOperation, IfBelow, T>(),
        .. Pair<TForm, TOperation, IfEqual, T>(), .. Pair<TForm, TOperation, IfBelowOrEqual, T>(),
        .. Pair<TForm, TOperation, IfSign, T>(), .. Pair<TForm, TOperation, IfParity, T>(),
        .. Pair<TForm, TOperation, IfLess, T>(), .. Pair<TForm, TOperation, IfLessOrEqual, T>(),
    ];

    private static nint[] Pair<TForm, TOperation, TCondition, T>()
        where TForm : struct, IForm where TOperation : struct, IBinaryOperation
        where TCondition : struct, ICondition where T : unmanaged, IBinaryInteger<T> =>
    [
        (nint)(delegate*<Vcpu, Op*, Status>)&Execute<TForm, TOperation, TCondition, T>,
        (nint)(delegate*<Vcpu, Op*, Status>)&Execute<TForm, TOperation, Unless<TCondition>, T>,
    ];

    private static Status Execute<TForm, TOperation, TCondition, T>(Vcpu cpu, Op* op)
        where TForm : struct, IForm where TOperation : struct, IBinaryOperation
        where TCondition : struct, ICondition where T : unmanaged, IBinaryInteger<T>
    {
        var status = TForm.Execute<TOperation, T>(cpu, op);
        if (status != Status.Next)
            return status;
        var branch = op + 1;
        if (!TCondition.Holds(cpu))
            return cpu.FallThrough(branch);
        var target = cpu.R[17] + branch->Immediate;
        // A branch that may fault is carried out by itself, next.
        if ((ulong)((long)(target << 16) >> 16) != target)
            return Status.Next;
        cpu.Rip = target;
        return Status.Branch;
    }

    private readonly struct RegReg : IForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Status Execute<TOperation, T>(Vcpu cpu, Op* op)
            where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T> => BinaryInstructions.RegReg<TOperation, T>(cpu, op);
    }

    private readonly struct RegImm : IForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Status Execute<TOperation, T>(Vcpu cpu, Op* op)
            where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T> => BinaryInstructions.RegImm<TOperation, T>(cpu, op);
    }

    private readonly struct RegMem : IForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Status Execute<TOperation, T>(Vcpu cpu, Op* op)
            where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T> => BinaryInstructions.RegMem<TOperation, T>(cpu, op);
    }

    private readonly struct MemReg : IForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Status Execute<TOperation, T>(Vcpu cpu, Op* op)
            where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T> => BinaryInstructions.MemReg<TOperation, T>(cpu, op);
    }

    private readonly struct MemImm : IForm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Status Execute<TOperation, T>(Vcpu cpu, Op* op)
            where TOperation : struct, IBinaryOperation where T : unmanaged, IBinaryInteger<T> => BinaryInstructions.MemImm<TOperation, T>(cpu, op);
    }
}
