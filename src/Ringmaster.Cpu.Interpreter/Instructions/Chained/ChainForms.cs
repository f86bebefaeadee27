using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>Chained handlers by instruction and by the form of its memory operand.</summary>
internal sealed unsafe class ChainForms
{
    private static readonly int s_codes = Enum.GetValues<Code>().Length;
    private readonly delegate*<Op*, CpuFile*, Status>[] _register = new delegate*<Op*, CpuFile*, Status>[s_codes];
    private readonly delegate*<Op*, CpuFile*, Status>[] _based = new delegate*<Op*, CpuFile*, Status>[s_codes];
    private readonly delegate*<Op*, CpuFile*, Status>[] _indexed = new delegate*<Op*, CpuFile*, Status>[s_codes];

    /// <summary>Enters what carries an instruction out that has no memory operand.</summary>
    public void Add(Code code, delegate*<Op*, CpuFile*, Status> handler) => _register[(int)code] = handler;

    /// <summary>Enters what carries the memory form of an instruction out.</summary>
    /// <param name="code">Iced's code.</param>
    /// <param name="based">For operands that <see cref="Based"/> serves.</param>
    /// <param name="indexed">For all others in 64-bit mode with 64-bit addresses.</param>
    public void Add(Code code, delegate*<Op*, CpuFile*, Status> based, delegate*<Op*, CpuFile*, Status> indexed)
    {
        _based[(int)code] = based;
        _indexed[(int)code] = indexed;
    }

    /// <summary>What carries a decoded instruction out, or null.</summary>
    public delegate*<Op*, CpuFile*, Status> Find(Op* op)
    {
        if (op->Is(OpFlags.Lock))
            return null;
        if (!op->Is(OpFlags.HasMemory))
            return _register[op->Code];
        if (!op->Is(OpFlags.LongMode) || !op->Is(OpFlags.Flat))
            return null;
        return op->Index == RegisterFile.Zero && op->Segment <= SegmentIndex.Ds ? _based[op->Code] : _indexed[op->Code];
    }
}
