using System.Runtime.InteropServices;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// Groups of memory operands that are checked together. R15 holds the distance of the stack's group, R14 that of one other; a
/// group ends with its block, and where its register is wanted for something else.
/// </summary>
internal sealed partial class RegionTranslator
{
    private const int MostGroupBytes = 128;
    private const int Rsp = 4;

    private AddressGroup? _stackGroup;
    private AddressGroup? _otherGroup;
    private long _stackMoved;

    /// <summary>Whether an operand can be one of a group: formed from registers that the host has, in 64 bits.</summary>
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
        if (IsOnStack(access.Address))
        {
            if (_stackGroup is { } stack && stack.Covers(access, _stackMoved))
                return HostRegister.R15;
            BeginStackGroup(instruction, number, access);
            return HostRegister.R15;
        }
        if (_otherGroup is { } group && group.Covers(access, 0))
            return HostRegister.R14;
        return TryBeginGroup(instruction, number, access) ? HostRegister.R14 : HostRegister.None;
    }

    /// <summary>The block ends, or begins: nothing is known of distances.</summary>
    private void ForgetGroups()
    {
        _stackGroup = null;
        _otherGroup = null;
    }

    /// <summary>An instruction has been emitted: follows what it does to base registers.</summary>
    private void FollowBases(in GuestInstruction instruction)
    {
        if (instruction.StackChange is { } change)
            _stackMoved += change;
        else
            _stackGroup = null;
        if (_otherGroup is { } group && (instruction.Written & (1u << group.Base | (group.Index < 0 ? 0 : 1u << group.Index))) != 0)
            _otherGroup = null;
    }

    private static bool IsOnStack(in GuestAddress address) => address is { Base: Rsp, Index: < 0 };

    /// <summary>Looks ahead for what else is accessed on the stack in this block, and checks all of it.</summary>
    private void BeginStackGroup(in GuestInstruction instruction, int number, in GuestAccess access)
    {
        var group = GroupOf(access);
        long moved = 0;
        var instructions = CollectionsMarshal.AsSpan(_plan.Instructions);
        for (var i = number; i < _blockEnd && instructions[i].Kind is not (InstructionKind.Interpret or InstructionKind.InPlace); i++)
        {
            Extend(ref group, instructions[i].Access, moved);
            Extend(ref group, instructions[i].SecondAccess, moved);
            if (instructions[i].StackChange is not { } change)
                break;
            moved += change;
        }
        EmitGroupCheck(instruction, group, HostRegister.R15);
        _stackGroup = group;
        _stackMoved = 0;
    }

    /// <summary>Looks ahead for other accesses with the same registers, and checks them together if there are some.</summary>
    private bool TryBeginGroup(in GuestInstruction instruction, int number, in GuestAccess access)
    {
        var group = GroupOf(access);
        var members = 0;
        var address = access.Address;
        var used = 1u << address.Base | (address.Index < 0 ? 0 : 1u << address.Index);
        var instructions = CollectionsMarshal.AsSpan(_plan.Instructions);
        for (var i = number; i < _blockEnd && instructions[i].Kind is not (InstructionKind.Interpret or InstructionKind.InPlace); i++)
        {
            members += Extend(ref group, instructions[i].Access, 0) + Extend(ref group, instructions[i].SecondAccess, 0);
            if ((instructions[i].Written & used) != 0)
                break;
        }
        if (members < 2)
            return false;
        EmitGroupCheck(instruction, group, HostRegister.R14);
        _otherGroup = group;
        return true;
    }

    private static AddressGroup GroupOf(in GuestAccess access)
    {
        var from = unchecked((long)access.Address.Displacement);
        return new(access.Address.Base, access.Address.Index, access.Address.Scale, from, from + access.Size, access.Writes);
    }

    /// <summary>Takes an access in, if it belongs to the group and does not make it too long.</summary>
    /// <returns>How many accesses were taken in.</returns>
    private int Extend(ref AddressGroup group, GuestAccess? candidate, long moved)
    {
        if (candidate is not { } access || !CanGroup(access.Address) || access.Address.Base != group.Base
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
        var size = (int)(group.End - group.From);
        var first = new GuestAddress(group.Base, group.Index, group.Scale, unchecked((ulong)group.From), 64, -1);
        var key = first.SlotKey(group.Writes, SiteSlot.MarginOf(size));
        var slot = SlotOf(key);
        HostLabel miss = _code.NewLabel(), found = _code.NewLabel();
        var cold = new ColdPart(ColdPartKind.Miss, miss, RipOf(instruction))
        {
            Back = found,
            Slot = slot,
            Size = size,
            Writes = group.Writes,
            Distance = distance,
            Uncounted = _uncounted,
        };
        if (IsScattered(key))
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
