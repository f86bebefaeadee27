using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>
/// Chained handlers, for the forms that are executed most. All other operations are chained by <see cref="Chain.Plain"/>.
/// </summary>
internal sealed unsafe class ChainTable
{
    private readonly FlagEffect[] _registerEffects = new FlagEffect[Enum.GetValues<Code>().Length];
    private readonly FlagEffect[] _memoryEffects = new FlagEffect[Enum.GetValues<Code>().Length];

    /// <summary>Handlers that do all that their instructions do.</summary>
    public ChainForms Whole { get; } = new();

    /// <summary>Handlers that leave the flags alone, which nothing will see.</summary>
    public ChainForms Silent { get; } = new();

    /// <summary>The complete table.</summary>
    public static ChainTable Create()
    {
        var table = new ChainTable();
        ChainedMoves.Register(table);
        ChainedExtensions.Register(table);
        ChainedArithmetic.Register(table);
        ChainedSteps.Register(table);
        ChainedProducts.Register(table);
        ChainedShifts.Register(table);
        ChainedConditions.Register(table);
        ChainedBranches.Register(table);
        ChainedStack.Register(table);
        return table;
    }

    /// <summary>Enters what the form without a memory operand means for the flags.</summary>
    public void SetEffect(Code code, FlagEffect effect) => _registerEffects[(int)code] = effect;

    /// <summary>Enters that an instruction ignores the flags, and does not access its memory operand.</summary>
    public void SetIgnored(Code code) => _registerEffects[(int)code] = _memoryEffects[(int)code] = FlagEffect.Ignores;

    /// <summary>
    /// Chooses how the operations of a block are chained. Between two that only work on registers nothing can see the flags,
    /// so those are not set that the next one replaces.
    /// </summary>
    /// <param name="block">The block; operations that stand for something that cannot be executed are chained already.</param>
    public void Choose(Block* block)
    {
        var areSeen = true;
        for (var op = block->Ops + block->Count - 1; op >= block->Ops; op--)
        {
            if (op->Run == null)
                op->Run = Find(op, areSeen);
            areSeen = AreSeenBefore(op, areSeen);
        }
    }

    private delegate*<Op*, CpuFile*, Status> Find(Op* op, bool areSeen)
    {
        var handler = areSeen ? null : Silent.Find(op);
        if (handler == null)
            handler = Whole.Find(op);
        return handler != null ? handler : &Chain.Plain;
    }

    private bool AreSeenBefore(Op* op, bool areSeenAfter) => (op->Is(OpFlags.HasMemory) ? _memoryEffects : _registerEffects)[op->Code] switch
    {
        FlagEffect.Ignores => areSeenAfter,
        FlagEffect.Replaces => false,
        // Counts of 32 are zero for operands of 32 bits.
        FlagEffect.ReplacesIfCounted => (op->Immediate & 31) == 0,
        _ => true,
    };
}
