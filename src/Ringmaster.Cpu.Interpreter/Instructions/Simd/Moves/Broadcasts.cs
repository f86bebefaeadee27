using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Moves;

/// <summary>One element, or one lane, to all places of the result.</summary>
internal static unsafe class Broadcasts
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.VEX_Vbroadcastss_xmm_m32, null, &Memory128<uint>, Guard.Avx);
        table.Add(Code.VEX_Vbroadcastss_ymm_m32, null, &Memory256<uint>, Guard.Avx);
        table.Add(Code.VEX_Vbroadcastsd_ymm_m64, null, &Memory256<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vbroadcastss_xmm_xmm, &Register128<uint>, null, Guard.Avx);
        table.Add(Code.VEX_Vbroadcastss_ymm_xmm, &Register256<uint>, null, Guard.Avx);
        table.Add(Code.VEX_Vbroadcastsd_ymm_xmm, &Register256<ulong>, null, Guard.Avx);
        table.Add(Code.VEX_Vpbroadcastb_xmm_xmmm8, &Register128<byte>, &Memory128<byte>, Guard.Avx);
        table.Add(Code.VEX_Vpbroadcastb_ymm_xmmm8, &Register256<byte>, &Memory256<byte>, Guard.Avx);
        table.Add(Code.VEX_Vpbroadcastw_xmm_xmmm16, &Register128<ushort>, &Memory128<ushort>, Guard.Avx);
        table.Add(Code.VEX_Vpbroadcastw_ymm_xmmm16, &Register256<ushort>, &Memory256<ushort>, Guard.Avx);
        table.Add(Code.VEX_Vpbroadcastd_xmm_xmmm32, &Register128<uint>, &Memory128<uint>, Guard.Avx);
        table.Add(Code.VEX_Vpbroadcastd_ymm_xmmm32, &Register256<uint>, &Memory256<uint>, Guard.Avx);
        table.Add(Code.VEX_Vpbroadcastq_xmm_xmmm64, &Register128<ulong>, &Memory128<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vpbroadcastq_ymm_xmmm64, &Register256<ulong>, &Memory256<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vbroadcastf128_ymm_m128, null, &Lane, Guard.Avx);
        table.Add(Code.VEX_Vbroadcasti128_ymm_m128, null, &Lane, Guard.Avx);
    }

    private static Status Register128<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.SetVex128(op->Reg0, Vector128.Create(cpu.Xmm<T>(op->Reg1).ToScalar()).AsByte());
        return Status.Next;
    }

    private static Status Register256<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.SetVex256(op->Reg0, Vector256.Create(cpu.Xmm<T>(op->Reg1).ToScalar()).AsByte());
        return Status.Next;
    }

    private static Status Memory128<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.Read<T>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, Vector128.Create(value).AsByte());
        return Status.Next;
    }

    private static Status Memory256<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.Read<T>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex256(op->Reg0, Vector256.Create(value).AsByte());
        return Status.Next;
    }

    private static Status Lane(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<Vector128<byte>>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex256(op->Reg0, value, value);
        return Status.Next;
    }
}
