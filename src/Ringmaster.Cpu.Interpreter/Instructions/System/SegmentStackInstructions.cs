using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>PUSH and POP of segment registers (SDM 2B).</summary>
internal static unsafe class SegmentStackInstructions
{
    public static void Register(HandlerTable table)
    {
        Add<Es>(table, Code.Pushw_ES, Code.Pushd_ES, Code.Popw_ES, Code.Popd_ES);
        Add<Ss>(table, Code.Pushw_SS, Code.Pushd_SS, Code.Popw_SS, Code.Popd_SS);
        Add<Ds>(table, Code.Pushw_DS, Code.Pushd_DS, Code.Popw_DS, Code.Popd_DS);
        Add<Fs>(table, Code.Pushw_FS, Code.Pushd_FS, Code.Popw_FS, Code.Popd_FS);
        Add<Gs>(table, Code.Pushw_GS, Code.Pushd_GS, Code.Popw_GS, Code.Popd_GS);
        table.Add(Code.Pushw_CS, &Push<Cs, ushort>);
        table.Add(Code.Pushd_CS, &Push<Cs, uint>);
        table.Add(Code.Pushq_FS, &Push<Fs, ulong>);
        table.Add(Code.Pushq_GS, &Push<Gs, ulong>);
        table.Add(Code.Popq_FS, &Pop<Fs, ulong>);
        table.Add(Code.Popq_GS, &Pop<Gs, ulong>);
    }

    private static void Add<TSegment>(HandlerTable table, Code pushNarrow, Code pushWide, Code popNarrow, Code popWide)
        where TSegment : struct, ISegmentName
    {
        table.Add(pushNarrow, &Push<TSegment, ushort>);
        table.Add(pushWide, &Push<TSegment, uint>);
        table.Add(popNarrow, &Pop<TSegment, ushort>);
        table.Add(popWide, &Pop<TSegment, uint>);
    }

    private static Status Push<TSegment, T>(Vcpu cpu, Op* op)
        where TSegment : struct, ISegmentName
        where T : unmanaged
    {
        var selector = cpu.SegmentOf(TSegment.Index).Selector;
        bool done;
        if (typeof(T) == typeof(ushort))
            done = cpu.StackPush(selector);
        else if (typeof(T) == typeof(ulong))
            done = cpu.StackPush((ulong)selector);
        else
            done = cpu.Features.IsAmd ? cpu.StackPush((uint)selector) : cpu.StackPushLow(selector);
        return done ? Status.Next : cpu.FaultOrExit;
    }

    private static Status Pop<TSegment, T>(Vcpu cpu, Op* op)
        where TSegment : struct, ISegmentName
        where T : unmanaged
    {
        // The old stack's pointer moves even if POP SS loads a stack of another width.
        var mask = cpu.StackMask;
        if (!cpu.StackPeek(out T value) || !cpu.LoadSegment(TSegment.Index, (ushort)Vcpu.SignExtend(value)))
            return cpu.FaultOrExit;
        cpu.StackDrop(sizeof(T), mask);
        if (TSegment.Index == SegmentIndex.Ss)
            cpu.EnterShadow(movSs: true);
        return Status.Next;
    }
}
