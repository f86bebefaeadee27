using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Moves;

/// <summary>PMOVSX and PMOVZX: elements widened with sign or zeros. The memory operand is only as long as its elements need.</summary>
internal static unsafe class Extensions
{
    public static void Register(HandlerTable table)
    {
        Enter<sbyte, short, ulong, Vector128<byte>>(
            table, Code.Pmovsxbw_xmm_xmmm64, Code.VEX_Vpmovsxbw_xmm_xmmm64, Code.VEX_Vpmovsxbw_ymm_xmmm128);
        Enter<sbyte, int, uint, ulong>(
            table, Code.Pmovsxbd_xmm_xmmm32, Code.VEX_Vpmovsxbd_xmm_xmmm32, Code.VEX_Vpmovsxbd_ymm_xmmm64);
        Enter<sbyte, long, ushort, uint>(
            table, Code.Pmovsxbq_xmm_xmmm16, Code.VEX_Vpmovsxbq_xmm_xmmm16, Code.VEX_Vpmovsxbq_ymm_xmmm32);
        Enter<short, int, ulong, Vector128<byte>>(
            table, Code.Pmovsxwd_xmm_xmmm64, Code.VEX_Vpmovsxwd_xmm_xmmm64, Code.VEX_Vpmovsxwd_ymm_xmmm128);
        Enter<short, long, uint, ulong>(
            table, Code.Pmovsxwq_xmm_xmmm32, Code.VEX_Vpmovsxwq_xmm_xmmm32, Code.VEX_Vpmovsxwq_ymm_xmmm64);
        Enter<int, long, ulong, Vector128<byte>>(
            table, Code.Pmovsxdq_xmm_xmmm64, Code.VEX_Vpmovsxdq_xmm_xmmm64, Code.VEX_Vpmovsxdq_ymm_xmmm128);
        Enter<byte, ushort, ulong, Vector128<byte>>(
            table, Code.Pmovzxbw_xmm_xmmm64, Code.VEX_Vpmovzxbw_xmm_xmmm64, Code.VEX_Vpmovzxbw_ymm_xmmm128);
        Enter<byte, uint, uint, ulong>(
            table, Code.Pmovzxbd_xmm_xmmm32, Code.VEX_Vpmovzxbd_xmm_xmmm32, Code.VEX_Vpmovzxbd_ymm_xmmm64);
        Enter<byte, ulong, ushort, uint>(
            table, Code.Pmovzxbq_xmm_xmmm16, Code.VEX_Vpmovzxbq_xmm_xmmm16, Code.VEX_Vpmovzxbq_ymm_xmmm32);
        Enter<ushort, uint, ulong, Vector128<byte>>(
            table, Code.Pmovzxwd_xmm_xmmm64, Code.VEX_Vpmovzxwd_xmm_xmmm64, Code.VEX_Vpmovzxwd_ymm_xmmm128);
        Enter<ushort, ulong, uint, ulong>(
            table, Code.Pmovzxwq_xmm_xmmm32, Code.VEX_Vpmovzxwq_xmm_xmmm32, Code.VEX_Vpmovzxwq_ymm_xmmm64);
        Enter<uint, ulong, ulong, Vector128<byte>>(
            table, Code.Pmovzxdq_xmm_xmmm64, Code.VEX_Vpmovzxdq_xmm_xmmm64, Code.VEX_Vpmovzxdq_ymm_xmmm128);
    }

    /// <summary>Enters the three forms.</summary>
    /// <typeparam name="TFrom">Source element.</typeparam>
    /// <typeparam name="TTo">Result element; signed or unsigned as the source.</typeparam>
    /// <typeparam name="TMemory128">Integer or vector of the size of the memory operand of the 128-bit forms.</typeparam>
    /// <typeparam name="TMemory256">The same for the 256-bit form.</typeparam>
    private static void Enter<TFrom, TTo, TMemory128, TMemory256>(HandlerTable table, Code legacy, Code vex128, Code vex256)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
        where TMemory128 : unmanaged
        where TMemory256 : unmanaged
    {
        table.Add(legacy, &LegacyRegister<TFrom, TTo>, &LegacyMemory<TFrom, TTo, TMemory128>, Guard.Sse);
        table.Add(vex128, &Vex128Register<TFrom, TTo>, &Vex128Memory<TFrom, TTo, TMemory128>, Guard.Avx);
        table.Add(vex256, &Vex256Register<TFrom, TTo>, &Vex256Memory<TFrom, TTo, TMemory256>, Guard.Avx);
    }

    private static Vector128<byte> Extend<TFrom, TTo>(Vector128<byte> source, int first)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        Unsafe.SkipInit(out Vector128<byte> result);
        // SAFETY: at most Count results; the sources used are at most half as many bytes, twice.
        var from = (TFrom*)&source + first;
        var to = (TTo*)&result;
        for (var i = 0; i < Vector128<TTo>.Count; i++)
            to[i] = TTo.CreateTruncating(from[i]);
        return result;
    }

    private static Status LegacyRegister<TFrom, TTo>(Vcpu cpu, Op* op)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        cpu.Xmm<byte>(op->Reg0) = Extend<TFrom, TTo>(cpu.Xmm<byte>(op->Reg1), 0);
        return Status.Next;
    }

    private static Status LegacyMemory<TFrom, TTo, TMemory>(Vcpu cpu, Op* op)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
        where TMemory : unmanaged
    {
        if (!Read<TMemory>(cpu, op, out var source))
            return cpu.FaultOrExit;
        cpu.Xmm<byte>(op->Reg0) = Extend<TFrom, TTo>(source, 0);
        return Status.Next;
    }

    private static Status Vex128Register<TFrom, TTo>(Vcpu cpu, Op* op)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        cpu.SetVex128(op->Reg0, Extend<TFrom, TTo>(cpu.Xmm<byte>(op->Reg1), 0));
        return Status.Next;
    }

    private static Status Vex128Memory<TFrom, TTo, TMemory>(Vcpu cpu, Op* op)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
        where TMemory : unmanaged
    {
        if (!Read<TMemory>(cpu, op, out var source))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, Extend<TFrom, TTo>(source, 0));
        return Status.Next;
    }

    private static Status Vex256Register<TFrom, TTo>(Vcpu cpu, Op* op)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        var source = cpu.Xmm<byte>(op->Reg1);
        cpu.SetVex256(op->Reg0, Extend<TFrom, TTo>(source, 0), Extend<TFrom, TTo>(source, Vector128<TTo>.Count));
        return Status.Next;
    }

    private static Status Vex256Memory<TFrom, TTo, TMemory>(Vcpu cpu, Op* op)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
        where TMemory : unmanaged
    {
        if (!Read<TMemory>(cpu, op, out var source))
            return cpu.FaultOrExit;
        cpu.SetVex256(op->Reg0, Extend<TFrom, TTo>(source, 0), Extend<TFrom, TTo>(source, Vector128<TTo>.Count));
        return Status.Next;
    }

    private static bool Read<TMemory>(Vcpu cpu, Op* op, out Vector128<byte> source) where TMemory : unmanaged
    {
        source = default;
        if (!cpu.Read<TMemory>(op, out var value))
            return false;
        Unsafe.As<Vector128<byte>, TMemory>(ref source) = value;
        return true;
    }
}
