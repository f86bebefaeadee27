using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>MOVZX, MOVSX, MOVSXD, CDQE.</summary>
internal static unsafe class ChainedExtensions
{
    public static void Register(ChainTable table)
    {
        Enter<byte, uint>(table, Code.Movzx_r32_rm8);
        Enter<ushort, uint>(table, Code.Movzx_r32_rm16);
        Enter<byte, ulong>(table, Code.Movzx_r64_rm8);
        Enter<ushort, ulong>(table, Code.Movzx_r64_rm16);
        Enter<sbyte, uint>(table, Code.Movsx_r32_rm8);
        Enter<short, uint>(table, Code.Movsx_r32_rm16);
        Enter<sbyte, ulong>(table, Code.Movsx_r64_rm8);
        Enter<short, ulong>(table, Code.Movsx_r64_rm16);
        Enter<int, ulong>(table, Code.Movsxd_r64_rm32);
        table.Whole.Add(Code.Cdqe, &Cdqe);
        table.SetEffect(Code.Cdqe, FlagEffect.Ignores);
    }

    private static void Enter<TFrom, TTo>(ChainTable table, Code code)
        where TFrom : unmanaged, IBinaryInteger<TFrom> where TTo : unmanaged, IBinaryInteger<TTo>
    {
        table.Whole.Add(code, &Reg<TFrom, TTo>);
        table.Whole.Add(code, &Mem<Based, TFrom, TTo>, &Mem<Indexed, TFrom, TTo>);
        table.SetEffect(code, FlagEffect.Ignores);
    }

    private static Status Reg<TFrom, TTo>(Op* op, CpuFile* file)
        where TFrom : unmanaged, IBinaryInteger<TFrom> where TTo : unmanaged, IBinaryInteger<TTo>
    {
        file->SetReg(op->Reg0, TTo.CreateTruncating(file->Reg<TFrom>(op->Reg1)));
        return Chain.Next(op, file);
    }

    private static Status Mem<TAddress, TFrom, TTo>(Op* op, CpuFile* file)
        where TAddress : struct, IAddress where TFrom : unmanaged, IBinaryInteger<TFrom> where TTo : unmanaged, IBinaryInteger<TTo>
    {
        var linear = TAddress.Linear(op, file);
        if (!file->MayLoad<TFrom>(linear, out var addend))
            return Chain.Plain(op, file);
        file->SetReg(op->Reg0, TTo.CreateTruncating(CpuFile.Load<TFrom>(linear, addend)));
        return Chain.Next(op, file);
    }

    private static Status Cdqe(Op* op, CpuFile* file)
    {
        file->SetReg(RegisterFile.Rax, (ulong)(int)file->Reg<uint>(RegisterFile.Rax));
        return Chain.Next(op, file);
    }
}
