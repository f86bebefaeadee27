using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>
/// Chained handlers, for the forms that are executed most. All other operations are chained by <see cref="Chain.Plain"/>.
/// </summary>
internal sealed unsafe class ChainTable
{
    private static readonly int s_codes = Enum.GetValues<Code>().Length;
    private readonly delegate*<Op*, CpuFile*, Vcpu, Status>[] _register = new delegate*<Op*, CpuFile*, Vcpu, Status>[s_codes];
    private readonly delegate*<Op*, CpuFile*, Vcpu, Status>[] _based = new delegate*<Op*, CpuFile*, Vcpu, Status>[s_codes];
    private readonly delegate*<Op*, CpuFile*, Vcpu, Status>[] _indexed = new delegate*<Op*, CpuFile*, Vcpu, Status>[s_codes];

    /// <summary>The complete table.</summary>
    public static ChainTable Create()
    {
        var table = new ChainTable();
        ChainedMoves.Register(table);
        ChainedExtensions.Register(table);
        ChainedArithmetic.Register(table);
        ChainedSteps.Register(table);
        ChainedShifts.Register(table);
        ChainedConditions.Register(table);
        ChainedBranches.Register(table);
        ChainedStack.Register(table);
        return table;
    }

    /// <summary>Enters what carries an instruction out that has no memory operand.</summary>
    public void Add(Code code, delegate*<Op*, CpuFile*, Vcpu, Status> handler) => _register[(int)code] = handler;

    /// <summary>Enters what carries the memory form of an instruction out.</summary>
    /// <param name="code">Iced's code.</param>
    /// <param name="based">For operands that <see cref="Based"/> serves.</param>
    /// <param name="indexed">For all others in 64-bit mode with 64-bit addresses.</param>
    public void Add(Code code, delegate*<Op*, CpuFile*, Vcpu, Status> based, delegate*<Op*, CpuFile*, Vcpu, Status> indexed)
    {
        _based[(int)code] = based;
        _indexed[(int)code] = indexed;
    }

    /// <summary>What carries a decoded instruction out.</summary>
    public delegate*<Op*, CpuFile*, Vcpu, Status> Find(Op* op)
    {
        if (op->Is(OpFlags.Lock))
            return &Chain.Plain;
        var table = _register;
        if (op->Is(OpFlags.HasMemory))
        {
            if (!op->Is(OpFlags.LongMode) || !op->Is(OpFlags.Flat))
                return &Chain.Plain;
            table = op->Index == RegisterFile.Zero && op->Segment <= SegmentIndex.Ds ? _based : _indexed;
        }
        var handler = table[op->Code];
        return handler != null ? handler : &Chain.Plain;
    }
}
