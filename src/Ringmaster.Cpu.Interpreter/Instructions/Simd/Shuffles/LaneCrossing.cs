using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Shuffles;

/// <summary>256-bit permutations across lanes, and moves of whole lanes.</summary>
internal static unsafe class LaneCrossing
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.VEX_Vperm2f128_ymm_ymm_ymmm256_imm8, &PermuteLanesRegister, &PermuteLanesMemory, Guard.Avx);
        table.Add(Code.VEX_Vperm2i128_ymm_ymm_ymmm256_imm8, &PermuteLanesRegister, &PermuteLanesMemory, Guard.Avx);
        table.Add(Code.VEX_Vpermq_ymm_ymmm256_imm8, &PermuteQuadwordsRegister, &PermuteQuadwordsMemory, Guard.Avx);
        table.Add(Code.VEX_Vpermpd_ymm_ymmm256_imm8, &PermuteQuadwordsRegister, &PermuteQuadwordsMemory, Guard.Avx);
        table.Add(Code.VEX_Vpermd_ymm_ymm_ymmm256, &PermuteDoublewordsRegister, &PermuteDoublewordsMemory, Guard.Avx);
        table.Add(Code.VEX_Vpermps_ymm_ymm_ymmm256, &PermuteDoublewordsRegister, &PermuteDoublewordsMemory, Guard.Avx);
        table.Add(Code.VEX_Vinsertf128_ymm_ymm_xmmm128_imm8, &InsertRegister, &InsertMemory, Guard.Avx);
        table.Add(Code.VEX_Vinserti128_ymm_ymm_xmmm128_imm8, &InsertRegister, &InsertMemory, Guard.Avx);
        table.Add(Code.VEX_Vextractf128_xmmm128_ymm_imm8, &ExtractRegister, &ExtractMemory, Guard.Avx);
        table.Add(Code.VEX_Vextracti128_xmmm128_ymm_imm8, &ExtractRegister, &ExtractMemory, Guard.Avx);
    }

    private static Status PermuteLanesRegister(Vcpu cpu, Op* op) => PermuteLanes(cpu, op, cpu.Ymm<byte>(op->Reg2));

    private static Status PermuteLanesMemory(Vcpu cpu, Op* op) =>
        cpu.Read<Vector256<byte>>(op, out var right) ? PermuteLanes(cpu, op, right) : cpu.FaultOrExit;

    private static Status PermuteLanes(Vcpu cpu, Op* op, Vector256<byte> right)
    {
        var left = cpu.Ymm<byte>(op->Reg1);
        var control = (int)op->Immediate;
        cpu.SetVex256(op->Reg0, Choose(left, right, control), Choose(left, right, control >> 4));
        return Status.Next;
    }

    private static Vector128<byte> Choose(Vector256<byte> left, Vector256<byte> right, int control)
    {
        if ((control & 8) != 0)
            return default;
        var source = (control & 2) != 0 ? right : left;
        return (control & 1) != 0 ? source.GetUpper() : source.GetLower();
    }

    private static Status PermuteQuadwordsRegister(Vcpu cpu, Op* op) => PermuteQuadwords(cpu, op, cpu.Ymm<ulong>(op->Reg1));

    private static Status PermuteQuadwordsMemory(Vcpu cpu, Op* op) =>
        cpu.Read<Vector256<ulong>>(op, out var source) ? PermuteQuadwords(cpu, op, source) : cpu.FaultOrExit;

    private static Status PermuteQuadwords(Vcpu cpu, Op* op, Vector256<ulong> source)
    {
        var control = (int)op->Immediate;
        // SAFETY: two-bit selectors stay inside the four elements.
        var from = (ulong*)&source;
        cpu.SetVex256(
            op->Reg0,
            Vector256.Create(from[control & 3], from[(control >> 2) & 3], from[(control >> 4) & 3], from[(control >> 6) & 3]).AsByte());
        return Status.Next;
    }

    private static Status PermuteDoublewordsRegister(Vcpu cpu, Op* op) => PermuteDoublewords(cpu, op, cpu.Ymm<int>(op->Reg2));

    private static Status PermuteDoublewordsMemory(Vcpu cpu, Op* op) =>
        cpu.Read<Vector256<int>>(op, out var source) ? PermuteDoublewords(cpu, op, source) : cpu.FaultOrExit;

    private static Status PermuteDoublewords(Vcpu cpu, Op* op, Vector256<int> source)
    {
        var control = cpu.Ymm<int>(op->Reg1) & Vector256.Create(7);
        cpu.SetVex256(op->Reg0, Vector256.Shuffle(source, control).AsByte());
        return Status.Next;
    }

    private static Status InsertRegister(Vcpu cpu, Op* op) => Insert(cpu, op, cpu.Xmm<byte>(op->Reg2));

    private static Status InsertMemory(Vcpu cpu, Op* op) =>
        cpu.Read<Vector128<byte>>(op, out var lane) ? Insert(cpu, op, lane) : cpu.FaultOrExit;

    private static Status Insert(Vcpu cpu, Op* op, Vector128<byte> lane)
    {
        var source = cpu.Ymm<byte>(op->Reg1);
        cpu.SetVex256(op->Reg0, (op->Immediate & 1) != 0 ? source.WithUpper(lane) : source.WithLower(lane));
        return Status.Next;
    }

    private static Vector128<byte> Lane(Vcpu cpu, Op* op) =>
        (op->Immediate & 1) != 0 ? cpu.UpperLane(op->Reg1) : cpu.Xmm<byte>(op->Reg1);

    private static Status ExtractRegister(Vcpu cpu, Op* op)
    {
        cpu.SetVex128(op->Reg0, Lane(cpu, op));
        return Status.Next;
    }

    private static Status ExtractMemory(Vcpu cpu, Op* op) => cpu.Write(op, Lane(cpu, op)) ? Status.Next : cpu.FaultOrExit;
}
