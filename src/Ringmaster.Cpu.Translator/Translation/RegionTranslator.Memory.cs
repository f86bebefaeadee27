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

    private const int Rsp = 4;

    /// <summary>
    /// Leaves the host address of an access in RCX. Until then nothing has changed that the guest could see; R14 and R15 are
    /// lost.
    /// </summary>
    /// <param name="instruction">Whose access it is.</param>
    /// <param name="address">Where.</param>
    /// <param name="size">Bytes: 1, 2, 4, 8, 16 or 32.</param>
    /// <param name="writes">The access is a store, or a load of a read-modify-write.</param>
    /// <param name="aligned">The address must be a multiple of the size.</param>
    /// <param name="keepsR15">R15 holds something that is needed later.</param>
    private void EmitHostAddress(
        in GuestInstruction instruction, in GuestAddress address, int size, bool writes, bool aligned = false, bool keepsR15 = false)
    {
        var slot = SlotOf(address.SlotKey(writes));
        var rip = RipOf(instruction);
        if (_recipe.Exists && !_instructionKillsRecipe && !keepsR15)
        {
            EmitAddress(HostRegister.Rcx, address, mayChangeFlags: true);
            EmitCheck(slot, size, writes, aligned, rip);
            _flagsIntact = false;
            if (instruction.LiveBefore != 0)
                EmitRecipe();
        }
        else
        {
            var register = keepsR15 ? HostRegister.R14 : HostRegister.R15;
            EmitAddress(register, address, mayChangeFlags: false);
            EmitCheckKeepingFlags(slot, register, size, writes, rip);
        }
    }

    /// <summary>Forms a linear address. Spilled registers go through R14 and R15.</summary>
    private void EmitAddress(HostRegister to, in GuestAddress address, bool mayChangeFlags)
    {
        if (address.IsConstant)
        {
            _code.Constant(to, address.Bits == 64 ? address.Displacement : (uint)address.Displacement);
        }
        else
        {
            var @base = Fetch(address.Base, HostRegister.R14);
            var index = Fetch(address.Index, to == HostRegister.R14 ? HostRegister.Rcx : HostRegister.R15);
            EmitSum(to, new Address(@base, index, address.Scale, unchecked((int)address.Displacement), false), address.Bits);
        }
        if (address.Segment < 0)
            return;
        var segmentBase = Address.Area(Area.Bases + address.Segment * 8);
        if (mayChangeFlags)
        {
            if (Is64Bit)
                _code.Do(Alu.Add, to, segmentBase);
            else
                _code.Do32(Alu.Add, to, segmentBase);
            return;
        }
        var scratch = to == HostRegister.R14 ? HostRegister.Rcx : HostRegister.R14;
        _code.Load(scratch, segmentBase);
        EmitSum(to, Address.At(to, scratch), Is64Bit ? 64 : 32);
    }

    private void EmitSum(HostRegister to, Address sum, int bits)
    {
        if (bits != 64)
            _code.Lea32(to, sum);
        else if (sum.Index == HostRegister.None && sum.Displacement == 0)
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

    /// <summary>RCX: from linear address to host address.</summary>
    private void EmitCheck(int slot, int size, bool writes, bool aligned, ulong rip)
    {
        HostLabel miss = _code.NewLabel(), found = _code.NewLabel();
        if (aligned)
        {
            var unfit = _code.NewLabel();
            _code.TestCl((byte)(size - 1));
            _code.Jump(Condition.NotEqual, unfit);
            _cold.Add(new ColdPart(ColdPartKind.Unfit, unfit, rip) { Recipe = _recipe, Uncounted = _uncounted });
        }
        _code.Do(Alu.Subtract, HostRegister.Rcx, Address.Area(slot));
        _code.Do(Alu.Compare, HostRegister.Rcx, Address.Area(slot + SiteSlot.LimitOffset(size)));
        _code.Jump(Condition.AboveOrEqual, miss);
        _code.Do(Alu.Add, HostRegister.Rcx, Address.Area(slot + SiteSlot.HostOffset));
        _code.Bind(found);
        _cold.Add(new ColdPart(ColdPartKind.Miss, miss, rip) { Back = found, Slot = slot, Size = size, Writes = writes, Recipe = _recipe, Uncounted = _uncounted });
    }

    /// <summary>
    /// From the linear address in a register to the host address in RCX. The offset's upper bits are gathered, which leaves
    /// zero inside the page; so are those that a misaligned address has set: it may cross the page's end.
    /// </summary>
    private void EmitCheckKeepingFlags(int slot, HostRegister register, int size, bool writes, ulong rip)
    {
        HostLabel miss = _code.NewLabel(), hit = _code.NewLabel(), found = _code.NewLabel();
        _code.Load(HostRegister.Rcx, Address.Area(slot + SiteSlot.NegatedPageOffset));
        _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, register));
        _code.ExtractBits(HostRegister.Rcx, HostRegister.Rcx, Address.Area(Area.PageMask(size)));
        _code.JumpIfRcxZero(hit);
        _code.Jump(miss);
        _code.Bind(hit);
        _code.Load(HostRegister.Rcx, Address.Area(slot + SiteSlot.AddendOffset));
        _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, register));
        _code.Bind(found);
        _cold.Add(new ColdPart(ColdPartKind.MissKeepingFlags, miss, rip)
        {
            Back = found,
            Slot = slot,
            Size = size,
            Writes = writes,
            AddressRegister = register,
            Uncounted = _uncounted,
        });
    }

    /// <summary>The slot of operands that are formed alike, as its place in the area.</summary>
    private int SlotOf(SlotKey key)
    {
        // All code of a context shares the first one, for the stack.
        if (key is { Base: Rsp, Index: < 0 })
            return SlotPlace(0, key.Writes);
        if (!_slots.TryGetValue(key, out var place))
        {
            ref var last = ref key.Writes ? ref _lastWriteSlot : ref _lastReadSlot;
            last = last % (SlotsOfAKind - 1) + 1;
            place = SlotPlace(last, key.Writes);
            _slots.Add(key, place);
        }
        return place;
    }

    private int SlotPlace(int number, bool writes) => Area.SlotsOf(_context) + (number + (writes ? SlotsOfAKind : 0)) * SiteSlot.Size;

    private void EmitCold(in ColdPart part)
    {
        _code.Bind(part.Start);
        _uncounted = part.Uncounted;
        _places.Add(new InstructionPlace(_code.Length, part.Rip, part.Uncounted));
        var mode = (int)_plan.Context.Mmu;
        switch (part.Kind)
        {
            case ColdPartKind.Miss:
                _code.Do(Alu.Add, HostRegister.Rcx, Address.Area(part.Slot));
                _code.Push(part.Slot);
                _code.Call(_runtime.Slow(mode, part.Size, part.Writes, keepsFlags: false));
                _code.Jump(Condition.AboveOrEqual, part.Back);
                EmitRecipe(part.Recipe);
                EmitExit(ExitKind.Memory, part.Rip);
                break;
            case ColdPartKind.MissKeepingFlags:
                _code.Move(HostRegister.Rcx, part.AddressRegister);
                _code.Push(part.Slot);
                _code.Call(_runtime.Slow(mode, part.Size, part.Writes, keepsFlags: true));
                _exits.Add(new ExitPoint(_code.Length, ExitKind.Memory, part.Rip) { Uncounted = part.Uncounted });
                _code.Jump(part.Back);
                break;
            case ColdPartKind.Unfit:
                EmitRecipe(part.Recipe);
                EmitExit(ExitKind.Memory, part.Rip);
                break;
            case ColdPartKind.Branch:
                EmitColdBranch(part);
                break;
            case ColdPartKind.UnknownTarget:
                EmitExit(ExitKind.IndirectBranch, part.Rip);
                break;
        }
    }
}
