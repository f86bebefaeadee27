using System.Runtime.InteropServices;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// Groups of memory operands that are checked together. R14 and R15 each hold the distance of one, R15 preferably the stack's. A
/// group ends where its register is wanted for something else, and with its block, unless a block that follows has no other way in.
/// </summary>
internal sealed partial class RegionTranslator
{
    private const int MostGroupBytes = 128;
    private const int Rsp = 4;

    private static readonly HostRegister[] s_distances = [HostRegister.R14, HostRegister.R15];

    private readonly AddressGroup?[] _groups = new AddressGroup?[2];
    private int _lastBegun;

    // By block: from how many places it is come to, and the groups that hold there.
    private readonly List<int> _waysIn = [];
    private readonly List<(AddressGroup? First, AddressGroup? Second)> _bequeathed = [];

    /// <summary>Counts for each block from where it is come to.</summary>
    private void FindWaysIn()
    {
        _waysIn.Clear();
        _bequeathed.Clear();
        foreach (var _ in _plan.Blocks)
        {
            _waysIn.Add(0);
            _bequeathed.Add(default);
        }
        // The region itself is entered at the first.
        _waysIn[0]++;
        foreach (var block in _plan.Blocks)
        {
            if (block.NextBlock >= 0)
                _waysIn[block.NextBlock]++;
            if (block.TakenBlock >= 0)
                _waysIn[block.TakenBlock]++;
        }
    }

    /// <summary>At a block's start: what holds at the end of the one that leads to it.</summary>
    private void InheritGroups() => (_groups[0], _groups[1]) = _bequeathed[_block];

    /// <summary>At a block's end: what holds for blocks that are come to only from here.</summary>
    private void BequeathGroups()
    {
        var block = _plan.Blocks[_block];
        if (!LeadsOn(_block))
            return;
        foreach (var successor in (ReadOnlySpan<int>)[block.NextBlock, block.TakenBlock])
        {
            if (successor > _block && _waysIn[successor] == 1)
                _bequeathed[successor] = (_groups[0], _groups[1]);
        }
    }

    /// <summary>Whether a block's end goes on to others with all host registers as they are. The end of a loop may be that of another form of it.</summary>
    private bool LeadsOn(int number) => _plan.Blocks[number].TakenBlock != number
        && _plan.Instructions[_plan.Blocks[number].End - 1].Kind is
            not (InstructionKind.Call or InstructionKind.IndirectCall or InstructionKind.Interpret or InstructionKind.InPlace);

    /// <summary>Whether an operand can be one of a group: formed from registers, in 64 bits.</summary>
    private bool CanGroup(in GuestAddress address) =>
        !_plan.Key.IsUngrouped && Is64Bit && address is { Bits: 64, Segment: < 0, Base: >= 0 };

    /// <summary>The group that covers an access, found or begun here.</summary>
    /// <param name="instruction">Whose access it is.</param>
    /// <param name="number">The instruction's number in the plan.</param>
    /// <param name="access">The access.</param>
    /// <returns>The register with the distance, or none if the access is to be checked alone.</returns>
    private HostRegister FindGroup(in GuestInstruction instruction, int number, in GuestAccess access)
    {
        if (!CanGroup(access.Address))
            return HostRegister.None;
        for (var i = 0; i < _groups.Length; i++)
        {
            if (_groups[i] is { } known && known.Covers(access))
                return s_distances[i];
        }
        var group = LookAhead(number, access, out var members);
        // On the stack there is more to come more often than not.
        if (members < 2 && !group.IsStack)
            return HostRegister.None;
        var place = group.IsStack ? 1 : PlaceForGroup();
        EmitGroupCheck(instruction, group, s_distances[place]);
        _groups[place] = group;
        _lastBegun = place;
        return s_distances[place];
    }

    private int PlaceForGroup()
    {
        if (_groups[0] is null)
            return 0;
        if (_groups[1] is not { } second)
            return 1;
        return second.IsStack || _lastBegun == 1 ? 0 : 1;
    }

    /// <summary>Nothing is known of distances any more.</summary>
    private void ForgetGroups() => Array.Clear(_groups);

    /// <summary>An instruction has been emitted: follows what it does to base registers.</summary>
    private void FollowBases(in GuestInstruction instruction)
    {
        for (var i = 0; i < _groups.Length; i++)
        {
            if (_groups[i] is not { } group)
                continue;
            if (instruction.Moves(group.Base) is { } moved && !instruction.Writes(group.Index))
                _groups[i] = group with { Moved = group.Moved + moved };
            else
                _groups[i] = null;
        }
    }

    /// <summary>A scratch register is about to be used for something: a group whose distance it holds ends.</summary>
    private void Release(HostRegister scratch)
    {
        var place = Array.IndexOf(s_distances, scratch);
        if (place >= 0)
            _groups[place] = null;
    }

    private bool HoldsDistance(HostRegister scratch) => Array.IndexOf(s_distances, scratch) is >= 0 and var place && _groups[place] is not null;

    /// <summary>Looks ahead, in this block and in those that surely inherit, for other accesses with the same registers.</summary>
    private AddressGroup LookAhead(int number, in GuestAccess access, out int members)
    {
        var group = GroupOf(access);
        members = 0;
        long moved = 0;
        var instructions = CollectionsMarshal.AsSpan(_plan.Instructions);
        var (block, end) = (_block, _blockEnd);
        for (var i = number; ; i++)
        {
            while (i == end)
            {
                block = Heir(block);
                if (block < 0)
                    return group;
                (i, end) = (_plan.Blocks[block].First, _plan.Blocks[block].End);
            }
            if (instructions[i].Kind is InstructionKind.Interpret or InstructionKind.InPlace)
                return group;
            // What may not be executed must not make it a group of stores.
            var isSure = block == _block;
            members += Extend(ref group, instructions[i].Access, moved, isSure) + Extend(ref group, instructions[i].SecondAccess, moved, isSure);
            if (instructions[i].Moves(group.Base) is not { } change || instructions[i].Writes(group.Index))
                return group;
            moved += change;
        }
    }

    /// <summary>The block that follows one without a branch, or -1 if it may be come to from elsewhere too.</summary>
    private int Heir(int number)
    {
        var block = _plan.Blocks[number];
        return LeadsOn(number) && block.NextBlock > number && _waysIn[block.NextBlock] == 1 ? block.NextBlock : -1;
    }

    private static AddressGroup GroupOf(in GuestAccess access)
    {
        var from = unchecked((long)access.Address.Displacement);
        return new(access.Address.Base, access.Address.Index, access.Address.Scale, from, from + access.Size, access.Writes);
    }

    /// <summary>Takes an access in, if it belongs to the group and does not make it too long.</summary>
    /// <returns>How many accesses were taken in.</returns>
    private int Extend(ref AddressGroup group, GuestAccess? candidate, long moved, bool isSure)
    {
        if ((!isSure && candidate is { Writes: true } && !group.Writes) || candidate is not { } access || !CanGroup(access.Address) || access.Address.Base != group.Base
            || access.Address.Index != group.Index || access.Address.Scale != group.Scale)
            return 0;
        var displacement = moved + unchecked((long)access.Address.Displacement);
        var from = Math.Min(group.From, displacement);
        var end = Math.Max(group.End, displacement + access.Size);
        if (end - from > MostGroupBytes)
            return 0;
        group = group with { From = from, End = end, Writes = group.Writes || access.Writes };
        return 1;
    }

    /// <summary>Leaves the distance from linear to host address in a register, if all of a group's bytes lie in one run.</summary>
    private void EmitGroupCheck(in GuestInstruction instruction, in AddressGroup group, HostRegister distance)
    {
        var first = group.First;
        var key = first.SlotKey(group.Writes, SiteSlot.MarginOf(group.Size));
        var slot = FindSlot(key);
        HostLabel miss = _code.NewLabel(), found = _code.NewLabel();
        var cold = new ColdPart(ColdPartKind.Miss, miss, RipOf(instruction))
        {
            Back = found,
            Slot = slot,
            Size = group.Size,
            Writes = group.Writes,
            Distance = distance,
            Uncounted = _uncounted,
        };
        if (slot == 0)
        {
            EmitDirect(instruction, first, cold, distance);
            return;
        }
        if (MayDestroyFlags)
        {
            EmitAddress(HostRegister.Rcx, first, mayChangeFlags: true, distance);
            _code.Do(Alu.Subtract, HostRegister.Rcx, Address.Area(slot));
            _code.Do(Alu.Compare, HostRegister.Rcx, Address.Area(slot + SiteSlot.LimitOffset));
            _code.Jump(Condition.AboveOrEqual, miss);
            _code.Load(distance, Address.Area(slot + SiteSlot.AddendOffset));
            _code.Bind(found);
            _cold.Add(cold with { Recipe = _recipe });
            _flagsIntact = false;
            if (instruction.LiveBefore != 0)
                EmitRecipe(HostRegister.Rcx, distance);
            return;
        }
        EmitAddress(distance, first, mayChangeFlags: false, distance);
        EmitWindowTest(slot, distance, miss);
        _code.Load(distance, Address.Area(slot + SiteSlot.AddendOffset));
        _code.Bind(found);
        _cold.Add(cold with { KeepsFlags = true });
    }
}
