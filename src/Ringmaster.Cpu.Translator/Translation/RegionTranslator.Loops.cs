using System.Numerics;
using System.Runtime.InteropServices;
using Iced.Intel;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// Loops of one block whose operands lie in at most three streams of addresses. Instead of looking at each address in each round,
/// and whether the run loop wants control, code works out beforehand for how many rounds all is well, and counts them down. The
/// block as it is otherwise stands behind, for the rounds in which it is not.
/// </summary>
internal sealed partial class RegionTranslator
{
    /// <summary>Most rounds between two looks at whether the run loop wants control.</summary>
    private const int MostRounds = 4096;

    private const int MostStep = 1 << 20;

    /// <summary>With fewer the preparation does not pay.</summary>
    private const int FewestRounds = 4;

    private static readonly HostRegister[] s_streamRegisters = [HostRegister.R14, HostRegister.R15, HostRegister.Rcx];

    // While such a loop's body is emitted.
    private readonly List<AddressStream> _streams = [];

    /// <summary>Emits the loop, if the block is one. What follows is the block as it is otherwise.</summary>
    private void TryEmitLoop()
    {
        var block = _plan.Blocks[_block];
        if (!IsLoop(block) || !FindStreams(block))
        {
            _streams.Clear();
            return;
        }
        HostLabel prepare = _blocks[_block], top = _code.NewLabel(), otherwise = _code.NewLabel();
        ForgetGroups();
        EmitPreparation(otherwise);
        _code.Bind(top);
        // With three streams there is no register left to count in.
        if (_streams.Count == s_streamRegisters.Length)
            _code.Do32(Alu.Subtract, Address.Area(Area.Rounds), 1);
        else
            _code.Do(Alu.Subtract, HostRegister.Rcx, 1, wide: false);
        _code.Jump(Condition.Sign, prepare);
        _flagsIntact = false;
        var instructions = CollectionsMarshal.AsSpan(_plan.Instructions);
        for (var i = block.First; i < block.End - 1; i++)
        {
            AddPlace(RipOf(instructions[i]), 0);
            _spilled.Clear();
            PrepareFlags(instructions[i], isLast: false);
            Emit(block, _block, instructions[i], i);
            FollowFlags(instructions[i]);
            FollowStreams(instructions[i]);
        }
        ref readonly var last = ref instructions[block.End - 1];
        PrepareFlags(last, isLast: true);
        _code.Jump(ConditionOf(last.Iced.ConditionCode), top);
        _code.Jump(block.NextBlock >= 0 ? _blocks[block.NextBlock] : ColdBranch(block, block.Next!.Value));
        _streams.Clear();
        _recipe = block.RecipeIn;
        _code.Bind(otherwise);
        EmitRecipe(HostRegister.Rcx);
    }

    /// <summary>Whether a block repeats itself, and needs no scratch register but for operands' distances.</summary>
    private bool IsLoop(GuestBlock block)
    {
        if (_counts || !Is64Bit || block.TakenBlock != _block || block.Next is null || !block.RecipeIn.Exists
            || _plan.Instructions[block.End - 1].Kind != InstructionKind.ConditionalJump
            || !_code.HasRoom((block.End - block.First + 4) * MostBytesPerInstruction))
            return false;
        var recipe = block.RecipeIn;
        var intact = false;
        for (var i = block.First; i < block.End; i++)
        {
            var instruction = _plan.Instructions[i];
            var isLast = i == block.End - 1;
            if (instruction.Crosses || !(isLast || instruction.Kind is InstructionKind.Plain or InstructionKind.Lea or InstructionKind.Nothing))
                return false;
            if (instruction.Kind != InstructionKind.Nothing && !isLast && NeedsScratch(instruction))
                return false;
            // As PrepareFlags: flags that are made again by undoing something take a register.
            if (!intact && (instruction.Kills(recipe) || isLast || instruction.Reads != RflagsBits.None))
            {
                if (recipe.Kind is not (FlagRecipeKind.Repeat or FlagRecipeKind.TestResult) || IsSpilled(recipe))
                    return false;
                intact = true;
            }
            intact |= instruction.Changes != RflagsBits.None;
            recipe = instruction.RecipeAfter(recipe);
        }
        return true;
    }

    private static bool NeedsScratch(in GuestInstruction instruction)
    {
        ref readonly var iced = ref instruction.Iced;
        if (UsesCounterItself(iced) || HasHighByte(iced) || CountSpilled(iced) != 0 || instruction.SecondAccess is not null)
            return true;
        return instruction.Kind == InstructionKind.Lea
            && (iced.Op0Register.IsGPR16() || GuestAddress.Of(iced, is64Bit: true) is var sum && (IsSpilled(sum.Base) || IsSpilled(sum.Index)));
    }

    private static bool IsSpilled(in FlagRecipe recipe) =>
        CountSpilled(recipe.Instruction) != 0;

    /// <summary>Divides a loop's operands into streams.</summary>
    /// <returns>False if that cannot be, or if there are too many.</returns>
    private bool FindStreams(GuestBlock block)
    {
        _streams.Clear();
        var instructions = CollectionsMarshal.AsSpan(_plan.Instructions)[block.First..block.End];
        for (var i = 0; i < instructions.Length; i++)
        {
            if (instructions[i].Access is { } access && !TryAddToStream(instructions, i, access))
                return false;
        }
        for (var i = 0; i < _streams.Count; i++)
        {
            var group = _streams[i].Group;
            var key = group.First.SlotKey(group.Writes, SiteSlot.MarginOf(group.Size));
            _streams[i] = _streams[i] with { Slot = FindSlot(key) };
        }
        return _streams.Count != 0;
    }

    private bool TryAddToStream(ReadOnlySpan<GuestInstruction> loop, int number, in GuestAccess access)
    {
        if (!CanGroup(access.Address) || IsSpilled(access.Address.Base) || IsSpilled(access.Address.Index)
            || MoveOf(loop[..number], access.Address) is not { } before)
            return false;
        for (var i = 0; i < _streams.Count; i++)
        {
            var group = _streams[i].Group;
            if (Extend(ref group, access, before, isSure: true) == 0)
                continue;
            _streams[i] = _streams[i] with { Group = group };
            return true;
        }
        if (_streams.Count == s_streamRegisters.Length || MoveOf(loop, access.Address) is not { } step || Math.Abs(step) > MostStep)
            return false;
        // One of the two registers must stay as it is, so that one scratch register can stand for it.
        var (@base, index) = (access.Address.Base, access.Address.Index);
        var indexMoves = index >= 0 && IsWritten(loop, index);
        if (indexMoves && IsWritten(loop, @base))
            return false;
        var from = before + unchecked((long)access.Address.Displacement);
        _streams.Add(new AddressStream(new AddressGroup(@base, index, access.Address.Scale, from, from + access.Size, access.Writes), step, indexMoves, 0,
            s_streamRegisters[_streams.Count]));
        return true;
    }

    /// <summary>How far some instructions move an address, or null if that is not known.</summary>
    private static long? MoveOf(ReadOnlySpan<GuestInstruction> instructions, in GuestAddress address)
    {
        long moved = 0;
        foreach (ref readonly var instruction in instructions)
        {
            if (instruction.Moves(address.Base) is not { } byBase)
                return null;
            moved += byBase;
            if (address.Index < 0)
                continue;
            if (instruction.Moves(address.Index) is not { } byIndex)
                return null;
            moved += byIndex << address.Scale;
        }
        return moved;
    }

    private static bool IsWritten(ReadOnlySpan<GuestInstruction> instructions, int register)
    {
        foreach (ref readonly var instruction in instructions)
        {
            if (instruction.Writes(register))
                return true;
        }
        return false;
    }

    /// <summary>Works out the number of rounds, and then what the streams' registers hold. The flags are lost.</summary>
    private void EmitPreparation(HostLabel otherwise)
    {
        _code.Do32(Alu.Compare, Address.Area(Area.Run), 0);
        _code.Jump(Condition.Equal, otherwise);
        _code.Store32(Address.Area(Area.Rounds), MostRounds);
        foreach (var stream in _streams)
        {
            if (stream.Slot == 0)
            {
                EmitRoundsInPage(stream, otherwise);
                continue;
            }
            EmitAddress(HostRegister.Rcx, stream.Group.First, mayChangeFlags: true, HostRegister.None);
            _code.Do(Alu.Subtract, HostRegister.Rcx, Address.Area(stream.Slot));
            if (stream.Step > 0)
            {
                // What is left of the run; an offset beyond makes it negative, or huge.
                _code.Load(HostRegister.R14, Address.Area(stream.Slot + SiteSlot.LimitOffset));
                _code.Do(Alu.Subtract, HostRegister.R14, HostRegister.Rcx);
                _code.Jump(Condition.BelowOrEqual, otherwise);
                _code.Lea(HostRegister.Rcx, Address.At(HostRegister.R14, -1));
            }
            else
            {
                _code.Do(Alu.Compare, HostRegister.Rcx, Address.Area(stream.Slot + SiteSlot.LimitOffset));
                _code.Jump(Condition.AboveOrEqual, otherwise);
            }
            if (stream.Step != 0)
                EmitRounds(stream, otherwise);
        }
        for (var i = 0; i < _streams.Count; i++)
            EmitDistance(_streams[i]);
        if (_streams.Count < s_streamRegisters.Length)
            _code.Load32(HostRegister.Rcx, Address.Area(Area.Rounds));
    }

    /// <summary>As for a slot, by the TLB's second level: as far as a page goes.</summary>
    private void EmitRoundsInPage(in AddressStream stream, HostLabel otherwise)
    {
        EmitAddress(HostRegister.R14, stream.Group.First, mayChangeFlags: false, HostRegister.R14);
        LoadDirect(HostRegister.Rcx, stream.Group.Writes ? Area.DirectWrites : Area.DirectReads, HostRegister.R14);
        EmitPageTest(HostRegister.R14, stream.Group.Size, otherwise);
        if (stream.Step == 0)
            return;
        if (stream.Step > 0)
        {
            _code.Negate(HostRegister.Rcx);
            _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, 0x1000 - stream.Group.Size));
        }
        EmitRounds(stream, otherwise);
    }

    /// <summary>Lowers the number of rounds to those that a stream has, whose last one begins RCX bytes on.</summary>
    private void EmitRounds(in AddressStream stream, HostLabel otherwise)
    {
        var shift = (byte)BitOperations.Log2(BitOperations.RoundUpToPowerOf2((ulong)Math.Abs(stream.Step)));
        if (shift != 0)
            _code.ShiftRight(HostRegister.Rcx, shift);
        _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, 1));
        _code.Do(Alu.Compare, HostRegister.Rcx, FewestRounds);
        _code.Jump(Condition.Below, otherwise);
        _code.Load32(HostRegister.R14, Address.Area(Area.Rounds));
        _code.Do(Alu.Compare, HostRegister.Rcx, HostRegister.R14);
        _code.MoveIf(Condition.Above, HostRegister.Rcx, HostRegister.R14);
        _code.Store32(Address.Area(Area.Rounds), HostRegister.Rcx);
    }

    private void EmitDistance(in AddressStream stream)
    {
        if (stream.Slot == 0)
        {
            EmitAddress(stream.Distance, stream.Group.First, mayChangeFlags: true, stream.Distance);
            LoadDirect(stream.Distance, Area.DirectAddends, stream.Distance);
        }
        else
        {
            _code.Load(stream.Distance, Address.Area(stream.Slot + SiteSlot.AddendOffset));
        }
        if (stream.Group.Index < 0)
            return;
        var stays = stream.IndexMoves ? Address.At(stream.Distance, GuestRegisters.HostOf(stream.Group.Base))
            : Address.At(stream.Distance, GuestRegisters.HostOf(stream.Group.Index), stream.Group.Scale);
        _code.Lea(stream.Distance, stays);
    }

    /// <summary>The host address of an operand that belongs to a stream.</summary>
    private Address StreamOperand(in GuestAccess access)
    {
        foreach (var stream in _streams)
        {
            if (!stream.Group.Covers(access))
                continue;
            var displacement = unchecked((int)access.Address.Displacement);
            return stream.IndexMoves ? Address.At(stream.Distance, GuestRegisters.HostOf(stream.Group.Index), stream.Group.Scale, displacement)
                : Address.At(GuestRegisters.HostOf(stream.Group.Base), stream.Distance, 0, displacement);
        }
        throw new InvalidOperationException("A loop's operand belongs to none of its streams.");
    }

    /// <summary>An instruction of a loop has been emitted: follows what it does to streams' registers.</summary>
    private void FollowStreams(in GuestInstruction instruction)
    {
        for (var i = 0; i < _streams.Count; i++)
        {
            var group = _streams[i].Group;
            var moved = MoveOf(new ReadOnlySpan<GuestInstruction>(in instruction), group.First)!.Value;
            _streams[i] = _streams[i] with { Group = group with { Moved = group.Moved + moved } };
        }
    }
}
