using System.Runtime.InteropServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Finds the blocks that are worth translating together: from the first one along direct branches inside its page.</summary>
internal sealed unsafe class RegionPlanner
{
    private const int MaxInstructions = 160;
    private const int MaxBlocks = 32;
    private const int MaxBlockInstructions = 64;

    // A plan is done with before the next one is made.
    private readonly List<GuestInstruction> _instructions = [];
    private readonly Stack<int> _open = new();
    private readonly List<GuestBlock> _blocks = [];
    private readonly GuestBlockPool _pool = new();
    private readonly BlockSpecializer _specializer;
    private readonly GuestCodeReader _reader = new();
    private readonly Decoder[] _decoders;
    private readonly InstructionAnalyzer _analyzer;

    public RegionPlanner(InstructionClassifier classifier, DecoderOptions options)
    {
        _analyzer = new InstructionAnalyzer(classifier);
        _specializer = new BlockSpecializer(_pool);
        _decoders = [Decoder.Create(32, _reader, options), Decoder.Create(64, _reader, options)];
    }

    /// <summary>Plans a region.</summary>
    /// <param name="key">Where it begins.</param>
    /// <param name="context">The state that it takes as given.</param>
    /// <param name="page">The page's bytes in host memory; 4096 of them.</param>
    /// <param name="nextPage">The bytes of the page that follows linearly; null if they are not known.</param>
    /// <param name="following">That page, if instructions that cross into it may be translated.</param>
    /// <param name="scattered">Operands that have turned out to go to ever new pages.</param>
    /// <param name="isWorthwhile">Whether to take in the block at an offset of the page.</param>
    /// <returns>Null if not even the first instruction can be translated.</returns>
    public RegionPlan? Plan(RegionKey key, TranslationContext context, byte* page, byte* nextPage, FollowingPage? following, IReadOnlySet<SlotKey>? scattered, Func<int, bool> isWorthwhile)
    {
        _instructions.Clear();
        _blocks.Clear();
        _pool.Reset();
        var plan = new RegionPlan { Instructions = _instructions, Blocks = _blocks, Key = key, Context = context, Scattered = scattered, Following = following };
        var open = _open;
        open.Clear();
        open.Push((int)(key.Linear & 0xFFF));
        while (open.TryPop(out var start))
        {
            if (plan.FindBlock(plan.Page + (ulong)start) >= 0 || plan.Blocks.Count == MaxBlocks || plan.Instructions.Count >= MaxInstructions)
                continue;
            if ((Split(plan, start) ?? Decode(plan, start, page, nextPage)) is not { } block)
                continue;
            // The one that goes on without a branch comes next.
            Follow(block.Taken);
            Follow(block.Next);
        }
        if (plan.Blocks.Count == 0 || plan.Instructions[0].Kind == InstructionKind.Interpret)
            return null;
        plan.Complete(_specializer);
        return plan;

        void Follow(ulong? successor)
        {
            if (successor is { } linear && (linear & ~0xFFFUL) == plan.Page && isWorthwhile((int)(linear & 0xFFF)))
                open.Push((int)(linear & 0xFFF));
        }
    }

    /// <summary>If an address lies inside a block that is already there, divides that block.</summary>
    private GuestBlock? Split(RegionPlan plan, int start)
    {
        var instructions = CollectionsMarshal.AsSpan(plan.Instructions);
        for (var number = 0; number < plan.Blocks.Count; number++)
        {
            var block = plan.Blocks[number];
            if (start <= block.Start || start >= instructions[block.End - 1].End)
                continue;
            for (var i = block.First + 1; i < block.End; i++)
            {
                if (instructions[i].Offset != start)
                    continue;
                var rest = _pool.Take(start, i);
                (rest.End, rest.Next, rest.Taken) = (block.End, block.Next, block.Taken);
                plan.Blocks.Insert(number + 1, rest);
                block.End = i;
                block.Next = Linear(plan, start);
                block.Taken = null;
                return rest;
            }
        }
        return null;
    }

    private GuestBlock? Decode(RegionPlan plan, int start, byte* page, byte* nextPage)
    {
        var block = _pool.Take(start, plan.Instructions.Count);
        var decoder = _decoders[plan.Context.Is64Bit ? 1 : 0];
        var offset = start;
        while (true)
        {
            // SAFETY: reading stops at the page's end, and in the next page after the longest instruction.
            var here = Math.Min(0x1000 - offset, BlockDecoder.MaxInstructionLength);
            _reader.Start(page + offset, here, nextPage, nextPage == null ? 0 : BlockDecoder.MaxInstructionLength - here);
            decoder.IP = plan.Page + (ulong)offset;
            decoder.Decode(out var iced);
            // Nothing is known of the page that follows.
            if (iced.IsInvalid && decoder.LastError == DecoderError.NoMoreBytes)
                break;
            var instruction = _analyzer.Analyze(iced, plan.Context, offset, plan.Following is not null);
            plan.Instructions.Add(instruction);
            offset = instruction.End;
            if (offset > 0x1000)
            {
                CollectionsMarshal.AsSpan(plan.Instructions)[^1].Crosses = true;
                if (instruction.Kind is not (InstructionKind.InPlace or InstructionKind.Interpret) && EndsBlock(block, instruction, plan.Context))
                    break;
                if (GoesOn(instruction))
                    block.Next = Linear(plan, offset);
                break;
            }
            if (instruction.Kind == InstructionKind.Interpret || EndsBlock(block, instruction, plan.Context))
                break;
            if (offset == 0x1000 || plan.Instructions.Count - block.First == MaxBlockInstructions
                || plan.FindBlock(plan.Page + (ulong)offset) >= 0)
            {
                block.Next = Linear(plan, offset);
                break;
            }
        }
        block.End = plan.Instructions.Count;
        if (block.End == block.First)
            return null;
        var last = plan.Instructions[^1];
        if (last.Kind != InstructionKind.Interpret && block.Next is null && block.Taken is null && last.Iced.FlowControl == FlowControl.Next)
            block.Next = Linear(plan, offset);
        plan.Blocks.Add(block);
        return block;
    }

    /// <summary>Whether an instruction left to the interpreter may go on with the one behind it.</summary>
    private static bool GoesOn(in GuestInstruction instruction) =>
        !instruction.Iced.IsInvalid && instruction.Iced.FlowControl is FlowControl.Next or FlowControl.ConditionalBranch;

    private static bool EndsBlock(GuestBlock block, in GuestInstruction instruction, TranslationContext context)
    {
        switch (instruction.Kind)
        {
            case InstructionKind.ConditionalJump or InstructionKind.Call:
                block.Taken = instruction.Iced.NearBranchTarget;
                block.Next = instruction.Iced.NextIP;
                break;
            case InstructionKind.Jump:
                block.Taken = instruction.Iced.NearBranchTarget;
                break;
            case InstructionKind.IndirectCall:
                block.Next = instruction.Iced.NextIP;
                break;
            case InstructionKind.IndirectJump or InstructionKind.Return or InstructionKind.SystemCall or InstructionKind.SystemReturn
                or InstructionKind.InterruptReturn:
                break;
            default:
                return false;
        }
        if (!context.Is64Bit)
        {
            block.Taken = (uint?)block.Taken;
            block.Next = (uint?)block.Next;
        }
        return true;
    }

    private static ulong Linear(RegionPlan plan, int offset)
    {
        var linear = plan.Page + (ulong)offset;
        return plan.Context.Is64Bit ? linear : (uint)linear;
    }
}
