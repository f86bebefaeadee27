using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Integer;

/// <summary>PTEST, VTESTPS and VTESTPD: ZF says that the AND, CF that the AND-NOT of the looked-at bits is zero.</summary>
internal static unsafe class BitTests
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Ptest_xmm_xmmm128, &Register128<byte>, &MemoryAligned, Guard.Sse);
        table.Add(Code.VEX_Vptest_xmm_xmmm128, &Register128<byte>, &Memory128<byte>, Guard.Avx);
        table.Add(Code.VEX_Vptest_ymm_ymmm256, &Register256<byte>, &Memory256<byte>, Guard.Avx);
        table.Add(Code.VEX_Vtestps_xmm_xmmm128, &Register128<uint>, &Memory128<uint>, Guard.Avx);
        table.Add(Code.VEX_Vtestps_ymm_ymmm256, &Register256<uint>, &Memory256<uint>, Guard.Avx);
        table.Add(Code.VEX_Vtestpd_xmm_xmmm128, &Register128<ulong>, &Memory128<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vtestpd_ymm_ymmm256, &Register256<ulong>, &Memory256<ulong>, Guard.Avx);
    }

    private static Status Register128<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        Test<T>(cpu, cpu.Xmm<byte>(op->Reg0).ToVector256(), cpu.Xmm<byte>(op->Reg1).ToVector256());

    private static Status Register256<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        Test<T>(cpu, cpu.Ymm<byte>(op->Reg0), cpu.Ymm<byte>(op->Reg1));

    private static Status MemoryAligned(Vcpu cpu, Op* op) =>
        cpu.ReadAligned<Vector128<byte>>(op, out var right)
            ? Test<byte>(cpu, cpu.Xmm<byte>(op->Reg0).ToVector256(), right.ToVector256()) : cpu.FaultOrExit;

    private static Status Memory128<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Read<Vector128<byte>>(op, out var right)
            ? Test<T>(cpu, cpu.Xmm<byte>(op->Reg0).ToVector256(), right.ToVector256()) : cpu.FaultOrExit;

    private static Status Memory256<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Read<Vector256<byte>>(op, out var right) ? Test<T>(cpu, cpu.Ymm<byte>(op->Reg0), right) : cpu.FaultOrExit;

    /// <summary>Byte elements stand for PTEST, which looks at all bits; the others look at each element's top bit.</summary>
    private static Status Test<T>(Vcpu cpu, Vector256<byte> left, Vector256<byte> right) where T : unmanaged
    {
        var both = left & right;
        var rightOnly = Vector256.AndNot(right, left);
        bool zero, carry;
        if (typeof(T) == typeof(byte))
            (zero, carry) = (both == Vector256<byte>.Zero, rightOnly == Vector256<byte>.Zero);
        else
            (zero, carry) = (both.As<byte, T>().ExtractMostSignificantBits() == 0, rightOnly.As<byte, T>().ExtractMostSignificantBits() == 0);
        cpu.SetStatus((zero ? Rflags.Zero : 0) | (carry ? Rflags.Carry : 0));
        return Status.Next;
    }
}
