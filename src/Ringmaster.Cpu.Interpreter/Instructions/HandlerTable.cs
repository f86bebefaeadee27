using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Chained;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>Which handler carries out which instruction: one for register operands, one for a memory operand.</summary>
internal sealed unsafe class HandlerTable
{
    private static readonly int s_codes = Enum.GetValues<Code>().Length;
    private readonly delegate*<Vcpu, Op*, Status>[] _register = new delegate*<Vcpu, Op*, Status>[s_codes];
    private readonly delegate*<Vcpu, Op*, Status>[] _memory = new delegate*<Vcpu, Op*, Status>[s_codes];
    private readonly Guard[] _guards = new Guard[s_codes];
    private readonly ChainTable _chains = ChainTable.Create();

    /// <summary>The complete table.</summary>
    public static HandlerTable Create()
    {
        var table = new HandlerTable();
        IntegerFamilies.Register(table);
        SystemFamilies.Register(table);
        FloatFamilies.Register(table);
        Simd.SimdFamilies.Register(table);
        Bits.BitFamilies.Register(table);
        return table;
    }

    /// <summary>Enters an instruction whose handler serves register and memory forms, or that has no operands of that kind.</summary>
    public void Add(Code code, delegate*<Vcpu, Op*, Status> handler, Guard guard = Guard.None) => Add(code, handler, handler, guard);

    /// <summary>Enters an instruction.</summary>
    /// <param name="code">Iced's code.</param>
    /// <param name="register">Carries out the form whose r/m operand is a register; null if there is none.</param>
    /// <param name="memory">Carries out the form whose r/m operand is in memory; null if there is none.</param>
    /// <param name="guard">What must be enabled for it.</param>
    public void Add(Code code, delegate*<Vcpu, Op*, Status> register, delegate*<Vcpu, Op*, Status> memory, Guard guard = Guard.None)
    {
        if (_register[(int)code] != null || _memory[(int)code] != null)
            throw new InvalidOperationException($"{code} has two handlers.");
        _register[(int)code] = register;
        _memory[(int)code] = memory;
        _guards[(int)code] = guard;
    }

    /// <summary>The handler of an instruction, or null if the interpreter does not have it.</summary>
    public delegate*<Vcpu, Op*, Status> Find(Code code, bool memory) => memory ? _memory[(int)code] : _register[(int)code];

    /// <summary>Chooses how the operations of a decoded block lead to each other.</summary>
    public void Chain(Block* block) => _chains.Choose(block);

    /// <summary>What must be enabled for an instruction.</summary>
    public Guard GuardOf(Code code) => _guards[(int)code];
}
