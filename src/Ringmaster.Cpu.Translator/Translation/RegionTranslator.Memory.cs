using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// Memory operands: form the linear address, check it against the operand's slot, come out with a host address. No access
/// leaves guest memory, since nothing else is ever in a slot.
/// </summary>
internal sealed partial class RegionTranslator
{
    /// <summary>Half of a context's slots are for loads, the others for stores: what may be read may not always be written.</summary>
    private const int SlotsOfAKind = Area.Slots / 2;

    /// <summary>Slots that all code of a context shares: one for each margin of what is on the stack, and the one of repeated string instructions.</summary>
    private const int SharedSlots = 4, StringSlot = 3;

    /// <summary>How many of a kind's other slots serve each margin.</summary>
    private static readonly int[] s_slotCounts = [641, 192, SlotsOfAKind - SharedSlots - 641 - 192];

    private static readonly int[] s_margins = [SiteSlot.MarginOf(1), SiteSlot.MarginOf(16), SiteSlot.MarginOf(MostGroupBytes)];

    // How many slots of each kind have been given out in each context.
    private readonly int[,] _givenSlots = new int[Area.Contexts, 6];

    /// <summary>
    /// Checks an access and finds out where it is in host memory. Until then nothing has changed that the guest could see. RCX
    /// is lost, and may be part of the address; so may R14.
    /// </summary>
    /// <param name="instruction">Whose access it is.</param>
    /// <param name="number">The instruction's number in the plan.</param>
    /// <param name="access">The access.</param>
    private Address EmitAccess(in GuestInstruction instruction, int number, in GuestAccess access)
    {
        if (access.IsAligned)
            NoteUnfit(instruction);
        if (_streams.Count != 0)
            return StreamOperand(access);
        var distance = FindGroup(instruction, number, access);
        return distance == HostRegister.None ? EmitSingle(instruction, access) : AddDistance(access.Address, distance);
    }

    /// <summary>The host address of an access whose group has been checked.</summary>
    private Address AddDistance(in GuestAddress address, HostRegister distance)
    {
        var @base = GuestRegisters.HostOf(address.Base);
        var displacement = unchecked((int)address.Displacement);
        if (@base != HostRegister.None && address.Index < 0)
            return Address.At(@base, distance, 0, displacement);
        EmitAddress(HostRegister.Rcx, address, mayChangeFlags: false, distance);
        return Address.At(HostRegister.Rcx, distance);
    }

    private Address EmitSingle(in GuestInstruction instruction, in GuestAccess access)
    {
        var key = access.Address.SlotKey(access.Writes, SiteSlot.MarginOf(access.Size));
        var slot = FindSlot(key);
        HostLabel miss = _code.NewLabel(), found = _code.NewLabel();
        var cold = new ColdPart(ColdPartKind.Miss, miss, RipOf(instruction))
        {
            Back = found,
            Slot = slot,
            Size = access.Size,
            Writes = access.Writes,
            IsAligned = access.IsAligned,
            IsConditional = access.IsConditional,
            Uncounted = _uncounted,
        };
        if (slot == 0)
            return EmitDirect(instruction, access.Address, cold, HostRegister.R14);
        if (MayDestroyFlags)
        {
            EmitAddress(HostRegister.Rcx, access.Address, mayChangeFlags: true, HostRegister.None);
            _code.Do(Alu.Subtract, HostRegister.Rcx, Address.Area(slot));
            _code.Do(Alu.Compare, HostRegister.Rcx, Address.Area(slot + SiteSlot.LimitOffset));
            _code.Jump(Condition.AboveOrEqual, miss);
            _code.Do(Alu.Add, HostRegister.Rcx, Address.Area(slot + SiteSlot.HostOffset));
            _code.Bind(found);
            _cold.Add(cold with { Recipe = _recipe });
            _flagsIntact = false;
            if (instruction.LiveBefore != 0)
                EmitRecipe(HostRegister.R14);
            return Address.At(HostRegister.Rcx);
        }
        Release(HostRegister.R14);
        EmitAddress(HostRegister.R14, access.Address, mayChangeFlags: false, HostRegister.None);
        return EmitWindowCheck(cold);
    }

    /// <summary>Checks the linear address in R14 against a slot's window, keeping the flags. RCX is lost.</summary>
    /// <param name="cold">What follows if it does not lie there.</param>
    /// <returns>The host address.</returns>
    private Address EmitWindowCheck(in ColdPart cold)
    {
        EmitWindowTest(cold.Slot, HostRegister.R14, cold.Start);
        _code.Load(HostRegister.Rcx, Address.Area(cold.Slot + SiteSlot.AddendOffset));
        _code.Bind(cold.Back);
        _cold.Add(cold with { KeepsFlags = true });
        return Address.At(HostRegister.R14, HostRegister.Rcx);
    }

    /// <summary>Goes on if an address lies in a slot's window. Keeps the flags; RCX is lost.</summary>
    private void EmitWindowTest(int slot, HostRegister address, HostLabel miss)
    {
        _code.Load(HostRegister.Rcx, Address.Area(slot + SiteSlot.NegatedWindowOffset));
        _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, address));
        _code.ExtractBits(HostRegister.Rcx, HostRegister.Rcx, Address.Area(slot + SiteSlot.WindowMaskOffset));
        _code.JumpUnlessRcxZero(miss);
    }

    /// <summary>Whether operands of a kind have turned out to go to ever new pages; those of a group that lay in several do too.</summary>
    private bool IsScattered(SlotKey key) => _plan.Key.IsUngrouped || _plan.Scattered?.Contains(key) == true;

    /// <summary>
    /// Checks an access, or several together, against the TLB's second level: for operands that their slot does not serve.
    /// </summary>
    /// <param name="instruction">Whose access it is.</param>
    /// <param name="address">How the first address is formed.</param>
    /// <param name="cold">What follows if there is no translation.</param>
    /// <param name="to">Receives the linear address, and for a group the distance from it to the host address.</param>
    /// <returns>The host address.</returns>
    private Address EmitDirect(in GuestInstruction instruction, in GuestAddress address, ColdPart cold, HostRegister to)
    {
        var keepsFlags = !MayDestroyFlags;
        Release(to);
        EmitAddress(to, address, mayChangeFlags: false, to);
        LoadDirect(HostRegister.Rcx, cold.Writes ? Area.DirectWrites : Area.DirectReads, to);
        if (keepsFlags)
        {
            // If the last byte is in the entry's page, the first is too: the page before has another entry.
            _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, to, 0, cold.Size - 1));
            _code.ExtractBits(HostRegister.Rcx, HostRegister.Rcx, Address.Area(Area.PageMask));
            _code.JumpUnlessRcxZero(cold.Start);
        }
        else
        {
            EmitPageTest(to, cold.Size, cold.Start);
        }
        LoadDirect(cold.IsGroup ? to : HostRegister.Rcx, Area.DirectAddends, to);
        _code.Bind(cold.Back);
        _cold.Add(cold with { KeepsFlags = keepsFlags, IsDirect = true, Recipe = keepsFlags ? FlagRecipe.None : _recipe });
        var operand = Address.At(to, HostRegister.Rcx);
        if (keepsFlags)
            return operand;
        _flagsIntact = false;
        if (instruction.LiveBefore == 0)
            return operand;
        if (cold.IsGroup)
        {
            EmitRecipe(HostRegister.Rcx, to);
            return operand;
        }
        _code.Lea(HostRegister.Rcx, operand);
        EmitRecipe(HostRegister.R14);
        return Address.At(HostRegister.Rcx);
    }

    /// <summary>Loads what a table of the TLB's second level holds for a linear address. RCX is lost.</summary>
    private void LoadDirect(HostRegister to, int table, HostRegister linear)
    {
        _code.ExtractBits(HostRegister.Rcx, linear, Address.Area(Area.TlbIndexMask));
        _code.Load(to, Address.Area(Area.DirectOf((int)_plan.Context.Mmu, table), HostRegister.Rcx, 3));
    }

    /// <summary>
    /// Goes on if an access lies in the page whose negated address is in RCX, which then holds the offset in it. The flags are
    /// lost.
    /// </summary>
    private void EmitPageTest(HostRegister linear, int size, HostLabel miss)
    {
        _code.Do(Alu.Add, HostRegister.Rcx, linear);
        _code.Do(Alu.Compare, HostRegister.Rcx, 0x1001 - size);
        _code.Jump(Condition.AboveOrEqual, miss);
    }

    /// <summary>Forms a linear address.</summary>
    /// <param name="to">Receives it.</param>
    /// <param name="address">How the guest forms it.</param>
    /// <param name="mayChangeFlags">The flags need not be kept.</param>
    /// <param name="keep">A scratch register that must be kept, unless it is the target.</param>
    private void EmitAddress(HostRegister to, in GuestAddress address, bool mayChangeFlags, HostRegister keep)
    {
        if (address.Page is not null)
        {
            EmitLinear(to, address.Displacement);
            if (address.Bits == 32)
                _code.Move32(to, to);
        }
        else if (address.IsConstant)
        {
            _code.Constant(to, address.Bits == 64 ? address.Displacement : (uint)address.Displacement);
        }
        else
        {
            var @base = Fetch(address.Base, to);
            // The target may hold one of the two until it receives the sum.
            var scratch = @base != to ? to : to != HostRegister.Rcx ? HostRegister.Rcx : keep == HostRegister.R14 ? HostRegister.R15 : HostRegister.R14;
            var index = Fetch(address.Index, scratch);
            if (index == scratch && scratch != to)
                Release(scratch);
            EmitSum(to, new Address(@base, index, address.Scale, unchecked((int)address.Displacement), false), address.Bits);
        }
        if (address.Segment < 0)
            return;
        var segmentBase = Address.Area(Area.Bases + address.Segment * 8);
        if (to == HostRegister.Rcx && mayChangeFlags)
        {
            if (Is64Bit)
                _code.Do(Alu.Add, to, segmentBase);
            else
                _code.Do32(Alu.Add, to, segmentBase);
            return;
        }
        // Only the target can be RCX then if flags may change.
        _code.Load(HostRegister.Rcx, segmentBase);
        EmitSum(to, Address.At(to, HostRegister.Rcx), Is64Bit ? 64 : 32);
    }

    private void EmitSum(HostRegister to, Address sum, int bits)
    {
        if (bits != 64)
            _code.Lea32(to, sum);
        else if (sum.Index == HostRegister.None && sum.Displacement == 0 && sum.Base != HostRegister.None)
            _code.Move(to, sum.Base);
        else
            _code.Lea(to, sum);
        if (bits == 16)
            _code.ZeroExtend16(to, to);
    }

    /// <summary>The host register that holds a guest register, which is loaded into a scratch register if none does.</summary>
    private HostRegister Fetch(int guest, HostRegister scratch)
    {
        if (guest < 0)
            return HostRegister.None;
        var host = GuestRegisters.HostOf(guest);
        if (host != HostRegister.None)
            return host;
        _code.Load(scratch, Address.Area(Area.Register(guest)));
        return scratch;
    }

    /// <summary>
    /// As <see cref="SlotOf"/>; 0 for operands that ask the TLB's second level themselves. Once all slots are taken only loops share them: code
    /// that is executed once, and then much other code, would find its slot filled by others each time.
    /// </summary>
    private int FindSlot(SlotKey key)
    {
        var isShared = !_slots.ContainsKey(key) && !IsOnStack(key) && Given(key) >= s_slotCounts[MarginNumber(key)];
        return IsScattered(key) || (isShared && !_plan.Blocks[_block].IsInLoop) ? 0 : SlotOf(key);
    }

    /// <summary>The slot of operands that are formed alike, as its place in the area.</summary>
    private int SlotOf(SlotKey key)
    {
        // What was checked with one margin says nothing about a larger one, so each has slots of its own.
        var margin = MarginNumber(key);
        // All code of a context shares the first ones, for the stack.
        if (IsOnStack(key))
            return SlotPlace(margin, key.Writes);
        if (!_slots.TryGetValue(key, out var place))
        {
            place = SlotPlace(SharedSlots + s_slotCounts.Take(margin).Sum() + ++Given(key) % s_slotCounts[margin], key.Writes);
            _slots.Add(key, place);
        }
        return place;
    }

    private static bool IsOnStack(SlotKey key) => key is { Base: Rsp, Index: < 0 };

    private static int MarginNumber(SlotKey key) => Array.IndexOf(s_margins, key.Margin);

    private ref int Given(SlotKey key) => ref _givenSlots[_context, (key.Writes ? s_margins.Length : 0) + MarginNumber(key)];

    /// <summary>The code cache has been cleared, so that no operand has a slot any more.</summary>
    public void ForgetSlots() => Array.Clear(_givenSlots);

    private int SlotPlace(int number, bool writes) => Area.SlotsOf(_context) + (number + (writes ? SlotsOfAKind : 0)) * SiteSlot.Size;

    /// <summary>
    /// A misaligned operand makes the host fault; the instruction then goes on at a part of its own, which makes the flags again
    /// and leaves for the interpreter.
    /// </summary>
    private void NoteUnfit(in GuestInstruction instruction)
    {
        var unfit = _code.NewLabel();
        _cold.Add(new ColdPart(ColdPartKind.Unfit, unfit, RipOf(instruction)) { Recipe = _recipe, Uncounted = _uncounted });
        _unfit.Add((_places.Count - 1, unfit));
    }

    private void EmitMiss(in ColdPart part)
    {
        if (part.KeepsFlags || part.IsDirect)
            _code.Move(HostRegister.Rcx, part.IsGroup ? part.Distance : HostRegister.R14);
        else
            _code.Do(Alu.Add, HostRegister.Rcx, Address.Area(part.Slot));
        if (part.IsGroup)
            _code.Move(part.Distance, HostRegister.Rcx);
        var unfit = _code.NewLabel();
        if (part.IsAligned)
            EmitAlignmentTest(part, unfit);
        _code.Push((int)FillRequest.Create(part.IsDirect ? 0 : part.Slot, part.Size, part.Writes, part.IsGroup,
            mayFault: !part.IsGroup && !part.IsConditional).Word);
        _code.Call(part switch
        {
            { IsDirect: true, KeepsFlags: true } => _runtime.DirectMissKeepingFlags,
            { IsDirect: true } => _runtime.DirectMiss,
            _ => _runtime.Slow((int)_plan.Context.Mmu, part.Writes, part.KeepsFlags),
        });
        _code.JumpIfRcxZero(unfit);
        if (part.IsGroup)
        {
            // From linear and host address to the distance between them.
            _code.Not(part.Distance);
            _code.Lea(part.Distance, Address.At(part.Distance, HostRegister.Rcx, 0, 1));
        }
        else if (part.KeepsFlags || part.IsDirect)
        {
            _code.Constant(HostRegister.R14, 0);
        }
        _code.Jump(part.Back);
        _code.Bind(unfit);
        EmitRecipe(part.Recipe, HostRegister.Rcx);
        if (!part.IsGroup)
        {
            EmitExit(ExitKind.Memory, part.Rip);
            return;
        }
        // A region that begins here and checks each access alone.
        AlignLink();
        var exit = _code.NewLabel();
        _code.Jump(exit);
        var linkPlace = _code.Length - 4;
        _code.Bind(exit);
        EmitExit(ExitKind.Ungroup, part.Rip, linkPlace);
    }

    /// <summary>A misaligned operand must fault before the walk, which would mark the page accessed, and for a store dirty.</summary>
    private void EmitAlignmentTest(in ColdPart part, HostLabel unfit)
    {
        if (!part.KeepsFlags)
        {
            _code.TestCl((byte)(part.Size - 1));
            _code.Jump(Condition.NotEqual, unfit);
            return;
        }
        HostLabel misaligned = _code.NewLabel(), go = _code.NewLabel();
        _code.PushFlags();
        _code.TestCl((byte)(part.Size - 1));
        _code.JumpShort(Condition.NotEqual, misaligned);
        _code.PopFlags();
        _code.JumpShort(go);
        _code.Bind(misaligned);
        _code.PopFlags();
        _code.Jump(unfit);
        _code.Bind(go);
    }
}
