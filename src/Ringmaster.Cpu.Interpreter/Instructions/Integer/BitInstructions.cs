using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>BT, BTS, BTR, BTC, BSF, BSR.</summary>
internal static unsafe class BitInstructions
{
    public static void Register(HandlerTable table)
    {
        Enter<TestOnly>(table, Code.Bt_rm16_r16, Code.Bt_rm16_imm8);
        Enter<Set>(table, Code.Bts_rm16_r16, Code.Bts_rm16_imm8);
        Enter<Clear>(table, Code.Btr_rm16_r16, Code.Btr_rm16_imm8);
        Enter<Complement>(table, Code.Btc_rm16_r16, Code.Btc_rm16_imm8);
        table.Add(Code.Bsf_r16_rm16, &ScanReg<Forward, ushort>, &ScanMem<Forward, ushort>);
        table.Add(Code.Bsf_r32_rm32, &ScanReg<Forward, uint>, &ScanMem<Forward, uint>);
        table.Add(Code.Bsf_r64_rm64, &ScanReg<Forward, ulong>, &ScanMem<Forward, ulong>);
        table.Add(Code.Bsr_r16_rm16, &ScanReg<Backward, ushort>, &ScanMem<Backward, ushort>);
        table.Add(Code.Bsr_r32_rm32, &ScanReg<Backward, uint>, &ScanMem<Backward, uint>);
        table.Add(Code.Bsr_r64_rm64, &ScanReg<Backward, ulong>, &ScanMem<Backward, ulong>);
    }

    private static void Enter<TChange>(HandlerTable table, Code byRegister, Code byImmediate) where TChange : struct, IBitChange
    {
        table.Add(byRegister, &Reg<TChange, ushort>, &MemByRegister<TChange, ushort>);
        table.Add(byRegister + 1, &Reg<TChange, uint>, &MemByRegister<TChange, uint>);
        table.Add(byRegister + 2, &Reg<TChange, ulong>, &MemByRegister<TChange, ulong>);
        table.Add(byImmediate, &RegByImmediate<TChange, ushort>, &MemByImmediate<TChange, ushort>);
        table.Add(byImmediate + 1, &RegByImmediate<TChange, uint>, &MemByImmediate<TChange, uint>);
        table.Add(byImmediate + 2, &RegByImmediate<TChange, ulong>, &MemByImmediate<TChange, ulong>);
    }

    private static Status Reg<TChange, T>(Vcpu cpu, Op* op) where TChange : struct, IBitChange where T : unmanaged, IBinaryInteger<T> =>
        ChangeRegister<TChange, T>(cpu, op, (int)ulong.CreateTruncating(cpu.Reg<T>(op->Reg1)));

    private static Status RegByImmediate<TChange, T>(Vcpu cpu, Op* op)
        where TChange : struct, IBitChange where T : unmanaged, IBinaryInteger<T> =>
        ChangeRegister<TChange, T>(cpu, op, (int)op->Immediate);

    private static Status ChangeRegister<TChange, T>(Vcpu cpu, Op* op, int bit)
        where TChange : struct, IBitChange where T : unmanaged, IBinaryInteger<T>
    {
        bit &= sizeof(T) * 8 - 1;
        var value = cpu.Reg<T>(op->Reg0);
        if (TChange.Stores)
            cpu.SetReg(op->Reg0, TChange.Compute(value, T.One << bit));
        cpu.CF = (value >> bit & T.One) != T.Zero;
        return Status.Next;
    }

    private static Status MemByImmediate<TChange, T>(Vcpu cpu, Op* op)
        where TChange : struct, IBitChange where T : unmanaged, IBinaryInteger<T> =>
        ChangeMemory<TChange, T>(cpu, op, cpu.EffectiveAddress(op), (int)op->Immediate);

    // A register's bit offset is signed and reaches beyond the operand (SDM 2A BT).
    private static Status MemByRegister<TChange, T>(Vcpu cpu, Op* op)
        where TChange : struct, IBitChange where T : unmanaged, IBinaryInteger<T>
    {
        var offset = (long)Vcpu.SignExtend(cpu.Reg<T>(op->Reg1));
        var words = offset >> BitOperations.Log2((uint)sizeof(T) * 8);
        var address = Vcpu.WrapAddress(op->Flags, cpu.EffectiveAddress(op) + (ulong)(words * sizeof(T)));
        return ChangeMemory<TChange, T>(cpu, op, address, (int)offset);
    }

    private static Status ChangeMemory<TChange, T>(Vcpu cpu, Op* op, ulong address, int bit)
        where TChange : struct, IBitChange where T : unmanaged, IBinaryInteger<T>
    {
        bit &= sizeof(T) * 8 - 1;
        if (!cpu.LinearAt(op, address, sizeof(T), TChange.Stores ? AccessKind.Write : AccessKind.Read, out var linear))
            return cpu.FaultOrExit;
        T value;
        if (!TChange.Stores)
        {
            if (!cpu.ReadLinear(op->Segment, linear, out value))
                return cpu.FaultOrExit;
        }
        else
        {
            if (!cpu.BeginUpdateLinear(op->Segment, linear, out value, out var target))
                return cpu.FaultOrExit;
            if (op->Is(OpFlags.Lock) && cpu.IsInRam(target))
            {
                while (!cpu.TryReplace(target, ref value, TChange.Compute(value, T.One << bit)))
                {
                }
            }
            else if (!cpu.FinishUpdate(target, TChange.Compute(value, T.One << bit)))
            {
                return cpu.FaultOrExit;
            }
        }
        cpu.CF = (value >> bit & T.One) != T.Zero;
        return Status.Next;
    }

    private static Status ScanReg<TDirection, T>(Vcpu cpu, Op* op) where TDirection : struct, IScan where T : unmanaged, IBinaryInteger<T> =>
        Scan<TDirection, T>(cpu, op, cpu.Reg<T>(op->Reg1));

    private static Status ScanMem<TDirection, T>(Vcpu cpu, Op* op) where TDirection : struct, IScan where T : unmanaged, IBinaryInteger<T> =>
        cpu.Read(op, out T value) ? Scan<TDirection, T>(cpu, op, value) : cpu.FaultOrExit;

    private static Status Scan<TDirection, T>(Vcpu cpu, Op* op, T value) where TDirection : struct, IScan where T : unmanaged, IBinaryInteger<T>
    {
        // With a source of zero the destination keeps its value, all 64 bits of it (APM 3 BSF).
        if (value == T.Zero)
        {
            cpu.ZF = true;
            return Status.Next;
        }
        cpu.SetReg(op->Reg0, T.CreateTruncating(TDirection.Find(ulong.CreateTruncating(value))));
        cpu.ZF = false;
        return Status.Next;
    }

    private interface IBitChange
    {
        static abstract bool Stores { get; }

        static abstract T Compute<T>(T value, T bit) where T : unmanaged, IBinaryInteger<T>;
    }

    private interface IScan
    {
        static abstract int Find(ulong value);
    }

    private readonly struct TestOnly : IBitChange
    {
        public static bool Stores => false;

        public static T Compute<T>(T value, T bit) where T : unmanaged, IBinaryInteger<T> => value;
    }

    private readonly struct Set : IBitChange
    {
        public static bool Stores => true;

        public static T Compute<T>(T value, T bit) where T : unmanaged, IBinaryInteger<T> => value | bit;
    }

    private readonly struct Clear : IBitChange
    {
        public static bool Stores => true;

        public static T Compute<T>(T value, T bit) where T : unmanaged, IBinaryInteger<T> => value & ~bit;
    }

    private readonly struct Complement : IBitChange
    {
        public static bool Stores => true;

        public static T Compute<T>(T value, T bit) where T : unmanaged, IBinaryInteger<T> => value ^ bit;
    }

    private readonly struct Forward : IScan
    {
        public static int Find(ulong value) => BitOperations.TrailingZeroCount(value);
    }

    private readonly struct Backward : IScan
    {
        public static int Find(ulong value) => BitOperations.Log2(value);
    }
}
