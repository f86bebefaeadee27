using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Iced.Intel;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>
/// MOVS, STOS, LODS, CMPS, SCAS, INS, OUTS, with their prefixes. After each repetition the registers are right, so that a
/// fault, a request to the outside or an interrupt leaves the instruction to be resumed (SDM 1 7.3.9.2).
/// </summary>
internal static unsafe class StringInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Movsb_m8_m8, &Repeat<Move, byte>);
        table.Add(Code.Movsw_m16_m16, &Repeat<Move, ushort>);
        table.Add(Code.Movsd_m32_m32, &Repeat<Move, uint>);
        table.Add(Code.Movsq_m64_m64, &Repeat<Move, ulong>);
        table.Add(Code.Stosb_m8_AL, &Repeat<Store, byte>);
        table.Add(Code.Stosw_m16_AX, &Repeat<Store, ushort>);
        table.Add(Code.Stosd_m32_EAX, &Repeat<Store, uint>);
        table.Add(Code.Stosq_m64_RAX, &Repeat<Store, ulong>);
        table.Add(Code.Lodsb_AL_m8, &Repeat<Load, byte>);
        table.Add(Code.Lodsw_AX_m16, &Repeat<Load, ushort>);
        table.Add(Code.Lodsd_EAX_m32, &Repeat<Load, uint>);
        table.Add(Code.Lodsq_RAX_m64, &Repeat<Load, ulong>);
        table.Add(Code.Cmpsb_m8_m8, &Repeat<CompareStrings, byte>);
        table.Add(Code.Cmpsw_m16_m16, &Repeat<CompareStrings, ushort>);
        table.Add(Code.Cmpsd_m32_m32, &Repeat<CompareStrings, uint>);
        table.Add(Code.Cmpsq_m64_m64, &Repeat<CompareStrings, ulong>);
        table.Add(Code.Scasb_AL_m8, &Repeat<Scan, byte>);
        table.Add(Code.Scasw_AX_m16, &Repeat<Scan, ushort>);
        table.Add(Code.Scasd_EAX_m32, &Repeat<Scan, uint>);
        table.Add(Code.Scasq_RAX_m64, &Repeat<Scan, ulong>);
        table.Add(Code.Insb_m8_DX, &Repeat<Input, byte>);
        table.Add(Code.Insw_m16_DX, &Repeat<Input, ushort>);
        table.Add(Code.Insd_m32_DX, &Repeat<Input, uint>);
        table.Add(Code.Outsb_DX_m8, &Repeat<Output, byte>);
        table.Add(Code.Outsw_DX_m16, &Repeat<Output, ushort>);
        table.Add(Code.Outsd_DX_m32, &Repeat<Output, uint>);
    }

    private interface IStringOperation
    {
        /// <summary>ZF ends the repetition.</summary>
        static abstract bool Compares { get; }

        /// <summary>The port of INS and OUTS may be used. It is checked even if nothing is to be transferred.</summary>
        static virtual bool IsAllowed<T>(Vcpu cpu) where T : unmanaged => true;

        /// <summary>Carries out one element and moves the index registers; nothing has changed if it returns false.</summary>
        static abstract bool Step<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>;

        /// <summary>Carries out many elements at once, if it can.</summary>
        /// <returns>How many.</returns>
        static abstract ulong Bulk<T>(Vcpu cpu, Op* op, ulong count) where T : unmanaged, IBinaryInteger<T>;
    }

    private static Status Repeat<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, IStringOperation where T : unmanaged, IBinaryInteger<T>
    {
        if (!op->Is(OpFlags.Rep | OpFlags.Repne))
            return TOperation.Step<T>(cpu, op) ? Status.Next : cpu.FaultOrExit;

        var mask = AddressMask(op);
        var flags = TOperation.Compares ? cpu.GetStatus() : 0;
        for (var steps = 0; ;)
        {
            var count = cpu.R64(RegisterFile.Rcx) & mask;
            if (count == 0)
                return TOperation.IsAllowed<T>(cpu) ? End(cpu) : cpu.FaultOrExit;
            // A trap may be due after each element (SDM 3B 17.3.1.4).
            var done = cpu.HasAttention ? 0 : TOperation.Bulk<T>(cpu, op, count);
            if (done == 0)
            {
                if (!TOperation.Step<T>(cpu, op))
                    return Interrupted<TOperation>(cpu, flags, cpu.FaultOrExit);
                done = 1;
            }
            cpu.ForgetAnswers();
            SetIndex(cpu, RegisterFile.Rcx, mask, count - done);
            if (TOperation.Compares && cpu.ZF != op->Is(OpFlags.Rep))
                return End(cpu);
            if (count == done)
                return End(cpu);
            if (cpu.PausesString(++steps))
                return Interrupted<TOperation>(cpu, flags, cpu.PauseString(op));
            if (op->Is(OpFlags.Dropped))
                return Interrupted<TOperation>(cpu, flags, cpu.RefetchString(op));
        }
    }

    // CMPS and SCAS that a fault interrupts leave the flags that they began with (SDM 2B REP), and Intel's processors do so for traps
    // and interrupts too. AMD's leave those of the last comparison.
    private static Status Interrupted<TOperation>(Vcpu cpu, uint flags, Status status) where TOperation : struct, IStringOperation
    {
        if (TOperation.Compares && !cpu.Features.IsAmd)
            cpu.SetStatus(flags);
        return status;
    }

    private static Status End(Vcpu cpu)
    {
        cpu.EndString();
        return Status.Next;
    }

    private static ulong AddressMask(Op* op) =>
        op->Is(OpFlags.Flat) ? ulong.MaxValue : op->Is(OpFlags.Address32) ? uint.MaxValue : ushort.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetIndex(Vcpu cpu, byte register, ulong mask, ulong value)
    {
        if (mask == ushort.MaxValue)
            cpu.SetReg(register, (ushort)value);
        else
            cpu.R64(register) = value & mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance<T>(Vcpu cpu, Op* op, byte register) where T : unmanaged
    {
        var step = (cpu.OtherFlags & Rflags.Direction) != 0 ? (ulong)-sizeof(T) : (ulong)sizeof(T);
        SetIndex(cpu, register, AddressMask(op), cpu.R64(register) + step);
    }

    private static bool ReadSource<T>(Vcpu cpu, Op* op, out T value) where T : unmanaged
    {
        value = default;
        return cpu.LinearAt(op, cpu.R64(RegisterFile.Rsi) & AddressMask(op), sizeof(T), AccessKind.Read, out var linear)
            && cpu.ReadLinear(op->Segment, linear, out value);
    }

    private static bool LinearDestination<T>(Vcpu cpu, Op* op, AccessKind kind, out ulong linear) where T : unmanaged
    {
        var offset = cpu.R64(RegisterFile.Rdi) & AddressMask(op);
        if (op->Is(OpFlags.LongMode))
        {
            linear = offset;
            return true;
        }
        return cpu.Segmented(SegmentIndex.Es, offset, sizeof(T), kind, out linear);
    }

    /// <summary>Elements that can go forward in one run of a page in 64-bit mode.</summary>
    private static bool CanRun(Vcpu cpu, Op* op, ulong count) =>
        count > 1 && op->Is(OpFlags.Flat) && (cpu.OtherFlags & Rflags.Direction) == 0;

    private readonly struct Move : IStringOperation
    {
        public static bool Compares => false;

        public static bool Step<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
        {
            if (!ReadSource(cpu, op, out T value) || !LinearDestination<T>(cpu, op, AccessKind.Write, out var linear)
                || !cpu.WriteLinear(SegmentIndex.Es, linear, value))
                return false;
            Advance<T>(cpu, op, RegisterFile.Rsi);
            Advance<T>(cpu, op, RegisterFile.Rdi);
            return true;
        }

        public static ulong Bulk<T>(Vcpu cpu, Op* op, ulong count) where T : unmanaged, IBinaryInteger<T>
        {
            if (!CanRun(cpu, op, count))
                return 0;
            var source = cpu.ReadableRun(cpu.R64(RegisterFile.Rsi) + cpu.BaseOf(op->Segment), out var sourceRun);
            var destination = cpu.WritableRun(cpu.R64(RegisterFile.Rdi), out var destinationRun);
            if (source == null)
                return 0;
            var elements = Math.Min(count, (ulong)(Math.Min(sourceRun, destinationRun) / sizeof(T)));
            var bytes = elements * (ulong)sizeof(T);
            // An overlap with the destination ahead repeats a pattern element by element.
            if (elements == 0 || (destination > source && destination < source + bytes))
                return 0;
            if (destination != null)
                SharedBytes.Copy(source, destination, (nuint)bytes);
            else if (!cpu.TryStoreOverCode(cpu.R64(RegisterFile.Rdi), new ReadOnlySpan<byte>(source, (int)bytes)))
                return 0;
            cpu.R64(RegisterFile.Rsi) += bytes;
            cpu.R64(RegisterFile.Rdi) += bytes;
            return elements;
        }
    }

    private readonly struct Store : IStringOperation
    {
        public static bool Compares => false;

        public static bool Step<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
        {
            if (!LinearDestination<T>(cpu, op, AccessKind.Write, out var linear)
                || !cpu.WriteLinear(SegmentIndex.Es, linear, cpu.Reg<T>(RegisterFile.Rax)))
                return false;
            Advance<T>(cpu, op, RegisterFile.Rdi);
            return true;
        }

        public static ulong Bulk<T>(Vcpu cpu, Op* op, ulong count) where T : unmanaged, IBinaryInteger<T>
        {
            if (!CanRun(cpu, op, count))
                return 0;
            var destination = cpu.WritableRun(cpu.R64(RegisterFile.Rdi), out var run);
            var elements = (int)Math.Min(count, (ulong)(run / sizeof(T)));
            if (elements == 0)
                return 0;
            if (destination != null)
            {
                SharedBytes.Fill(destination, cpu.Reg<T>(RegisterFile.Rax), elements);
            }
            else
            {
                Span<T> values = stackalloc T[elements];
                values.Fill(cpu.Reg<T>(RegisterFile.Rax));
                if (!cpu.TryStoreOverCode(cpu.R64(RegisterFile.Rdi), MemoryMarshal.AsBytes(values)))
                    return 0;
            }
            cpu.R64(RegisterFile.Rdi) += (ulong)(elements * sizeof(T));
            return (ulong)elements;
        }
    }

    private readonly struct Load : IStringOperation
    {
        public static bool Compares => false;

        public static bool Step<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
        {
            if (!ReadSource(cpu, op, out T value))
                return false;
            cpu.SetReg(RegisterFile.Rax, value);
            Advance<T>(cpu, op, RegisterFile.Rsi);
            return true;
        }

        public static ulong Bulk<T>(Vcpu cpu, Op* op, ulong count) where T : unmanaged, IBinaryInteger<T> => 0;
    }

    private readonly struct CompareStrings : IStringOperation
    {
        public static bool Compares => true;

        public static bool Step<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
        {
            if (!ReadSource(cpu, op, out T left) || !LinearDestination<T>(cpu, op, AccessKind.Read, out var linear)
                || !cpu.ReadLinear(SegmentIndex.Es, linear, out T right))
                return false;
            cpu.SetSubtractFlags(left, right, left - right);
            Advance<T>(cpu, op, RegisterFile.Rsi);
            Advance<T>(cpu, op, RegisterFile.Rdi);
            return true;
        }

        public static ulong Bulk<T>(Vcpu cpu, Op* op, ulong count) where T : unmanaged, IBinaryInteger<T> => 0;
    }

    private readonly struct Scan : IStringOperation
    {
        public static bool Compares => true;

        public static bool Step<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
        {
            if (!LinearDestination<T>(cpu, op, AccessKind.Read, out var linear)
                || !cpu.ReadLinear(SegmentIndex.Es, linear, out T right))
                return false;
            var left = cpu.Reg<T>(RegisterFile.Rax);
            cpu.SetSubtractFlags(left, right, left - right);
            Advance<T>(cpu, op, RegisterFile.Rdi);
            return true;
        }

        public static ulong Bulk<T>(Vcpu cpu, Op* op, ulong count) where T : unmanaged, IBinaryInteger<T> => 0;
    }

    private readonly struct Input : IStringOperation
    {
        public static bool Compares => false;

        public static bool IsAllowed<T>(Vcpu cpu) where T : unmanaged => cpu.CheckPortPermission(cpu.Reg<ushort>(RegisterFile.Rdx), sizeof(T));

        // The destination is checked before the port is read, whose value would be lost otherwise.
        public static bool Step<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
        {
            var port = cpu.Reg<ushort>(RegisterFile.Rdx);
            if (!cpu.CheckPortPermission(port, sizeof(T)) || !LinearDestination<T>(cpu, op, AccessKind.Write, out var linear)
                || !cpu.ProbeWrite(SegmentIndex.Es, linear, sizeof(T))
                || !cpu.Ask(VmExit.PortRead(new IoPort(port), sizeof(T)), out var value)
                || !cpu.WriteLinear(SegmentIndex.Es, linear, T.CreateTruncating(value)))
                return false;
            cpu.WatchPort(port, sizeof(T));
            Advance<T>(cpu, op, RegisterFile.Rdi);
            return true;
        }

        public static ulong Bulk<T>(Vcpu cpu, Op* op, ulong count) where T : unmanaged, IBinaryInteger<T> => 0;
    }

    private readonly struct Output : IStringOperation
    {
        public static bool Compares => false;

        public static bool IsAllowed<T>(Vcpu cpu) where T : unmanaged => cpu.CheckPortPermission(cpu.Reg<ushort>(RegisterFile.Rdx), sizeof(T));

        public static bool Step<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
        {
            var port = cpu.Reg<ushort>(RegisterFile.Rdx);
            if (!cpu.CheckPortPermission(port, sizeof(T)) || !ReadSource(cpu, op, out T value)
                || !cpu.Ask(VmExit.PortWrite(new IoPort(port), sizeof(T), uint.CreateTruncating(value)), out _))
                return false;
            cpu.WatchPort(port, sizeof(T));
            Advance<T>(cpu, op, RegisterFile.Rsi);
            return true;
        }

        public static ulong Bulk<T>(Vcpu cpu, Op* op, ulong count) where T : unmanaged, IBinaryInteger<T> => 0;
    }
}
