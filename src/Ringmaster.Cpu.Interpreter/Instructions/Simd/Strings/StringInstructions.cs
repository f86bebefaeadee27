using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Strings;

/// <summary>PCMPISTRI, PCMPISTRM, PCMPESTRI and PCMPESTRM. Their memory operand need not be aligned.</summary>
internal static unsafe class StringInstructions
{
    public static void Register(HandlerTable table)
    {
        Enter<Implicit, Index>(table, Code.Pcmpistri_xmm_xmmm128_imm8, Code.VEX_Vpcmpistri_xmm_xmmm128_imm8);
        Enter<Implicit, LegacyMask>(table, Code.Pcmpistrm_xmm_xmmm128_imm8, Code.INVALID);
        Enter<Implicit, VexMask>(table, Code.INVALID, Code.VEX_Vpcmpistrm_xmm_xmmm128_imm8);
        Enter<Explicit32, Index>(table, Code.Pcmpestri_xmm_xmmm128_imm8, Code.VEX_Vpcmpestri_xmm_xmmm128_imm8);
        Enter<Explicit64, Index>(table, Code.Pcmpestri64_xmm_xmmm128_imm8, Code.VEX_Vpcmpestri64_xmm_xmmm128_imm8);
        Enter<Explicit32, LegacyMask>(table, Code.Pcmpestrm_xmm_xmmm128_imm8, Code.INVALID);
        Enter<Explicit64, LegacyMask>(table, Code.Pcmpestrm64_xmm_xmmm128_imm8, Code.INVALID);
        Enter<Explicit32, VexMask>(table, Code.INVALID, Code.VEX_Vpcmpestrm_xmm_xmmm128_imm8);
        Enter<Explicit64, VexMask>(table, Code.INVALID, Code.VEX_Vpcmpestrm64_xmm_xmmm128_imm8);
    }

    private static void Enter<TLengths, TOutput>(HandlerTable table, Code legacy, Code vex)
        where TLengths : struct, ILengths
        where TOutput : struct, IOutput
    {
        if (legacy != Code.INVALID)
            table.Add(legacy, &FromRegister<TLengths, TOutput>, &FromMemory<TLengths, TOutput>, Guard.Sse);
        if (vex != Code.INVALID)
            table.Add(vex, &FromRegister<TLengths, TOutput>, &FromMemory<TLengths, TOutput>, Guard.Avx);
    }

    private static Status FromRegister<TLengths, TOutput>(Vcpu cpu, Op* op)
        where TLengths : struct, ILengths
        where TOutput : struct, IOutput =>
        Compare<TLengths, TOutput>(cpu, op, cpu.Xmm<byte>(op->Reg1));

    private static Status FromMemory<TLengths, TOutput>(Vcpu cpu, Op* op)
        where TLengths : struct, ILengths
        where TOutput : struct, IOutput =>
        cpu.Read<Vector128<byte>>(op, out var right) ? Compare<TLengths, TOutput>(cpu, op, right) : cpu.FaultOrExit;

    private static Status Compare<TLengths, TOutput>(Vcpu cpu, Op* op, Vector128<byte> right)
        where TLengths : struct, ILengths
        where TOutput : struct, IOutput
    {
        var left = cpu.Xmm<byte>(op->Reg0);
        var control = (byte)op->Immediate;
        var (leftLength, rightLength) = TLengths.Of(cpu, left, right, control);
        var comparison = new StringComparison(left, right, leftLength, rightLength, control);
        TOutput.Write(cpu, comparison);
        cpu.SetStatus(
            (comparison.Result != 0 ? Rflags.Carry : 0) | (comparison.IsRightShort ? Rflags.Zero : 0)
            | (comparison.IsLeftShort ? Rflags.Sign : 0) | ((comparison.Result & 1) != 0 ? Rflags.Overflow : 0));
        return Status.Next;
    }

    private interface ILengths
    {
        static abstract (int Left, int Right) Of(Vcpu cpu, Vector128<byte> left, Vector128<byte> right, byte control);
    }

    private interface IOutput
    {
        static abstract void Write(Vcpu cpu, in StringComparison comparison);
    }

    private struct Implicit : ILengths
    {
        public static (int Left, int Right) Of(Vcpu cpu, Vector128<byte> left, Vector128<byte> right, byte control) =>
            (StringComparison.ImplicitLength(left, control), StringComparison.ImplicitLength(right, control));
    }

    /// <summary>The magnitudes of EAX and EDX, at most the number of elements.</summary>
    private struct Explicit32 : ILengths
    {
        public static (int Left, int Right) Of(Vcpu cpu, Vector128<byte> left, Vector128<byte> right, byte control) =>
            (Saturate(cpu.Reg<int>(RegisterFile.Rax), control), Saturate(cpu.Reg<int>(RegisterFile.Rdx), control));
    }

    private struct Explicit64 : ILengths
    {
        public static (int Left, int Right) Of(Vcpu cpu, Vector128<byte> left, Vector128<byte> right, byte control) =>
            (Saturate(cpu.Reg<long>(RegisterFile.Rax), control), Saturate(cpu.Reg<long>(RegisterFile.Rdx), control));
    }

    private static int Saturate(long length, byte control)
    {
        var elements = StringComparison.ElementsOf(control);
        return length <= -elements || length >= elements ? elements : (int)Math.Abs(length);
    }

    private struct Index : IOutput
    {
        public static void Write(Vcpu cpu, in StringComparison comparison) => cpu.SetReg(RegisterFile.Rcx, (uint)comparison.Index);
    }

    private struct LegacyMask : IOutput
    {
        public static void Write(Vcpu cpu, in StringComparison comparison) => cpu.Xmm<byte>(0) = comparison.Mask;
    }

    private struct VexMask : IOutput
    {
        public static void Write(Vcpu cpu, in StringComparison comparison) => cpu.SetVex128(0, comparison.Mask);
    }
}
