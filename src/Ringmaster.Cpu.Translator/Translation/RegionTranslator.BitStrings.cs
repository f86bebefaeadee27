using Iced.Intel;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// BT, BTS, BTR and BTC with a bit offset in a register, which reaches beyond the operand (SDM 2A BT): the quadword that holds the
/// bit is found first, then the instruction is carried out on it.
/// </summary>
internal sealed partial class RegionTranslator
{
    private void EmitBitString(in GuestInstruction instruction)
    {
        var iced = instruction.Iced;
        var writes = iced.Mnemonic != Mnemonic.Bt;
        HostRegister quadword = HostRegister.R14, work = HostRegister.Rcx;
        var guest = NumberOf(iced.Op1Register);
        var address = GuestAddress.Of(iced, is64Bit: true);
        Release(quadword);
        EmitAddress(quadword, address, mayChangeFlags: false, HostRegister.None);
        var offset = Fetch(guest, HostRegister.R15);
        if (offset == HostRegister.R15)
            Release(offset);
        var name = GuestRegisters.Name(offset, Register.RAX);
        // The byte, with its sign, and of that eight times as many.
        LoadShifted(offset, 3);
        _code.ExtractBits(work, work, Address.Area(Area.QuadwordPart));
        _code.Lea(quadword, Address.At(quadword, work, 3));

        var at = EmitWindowCheck(new ColdPart(ColdPartKind.Miss, _code.NewLabel(), RipOf(instruction))
        {
            Back = _code.NewLabel(),
            Slot = SlotOf((address with { Index = guest }).SlotKey(writes, SiteSlot.MarginOf(8))),
            Size = 8,
            Writes = writes,
            Uncounted = _uncounted,
        });

        iced.HasRepPrefix = iced.HasRepnePrefix = false;
        SetMemory(ref iced, Address.At(quadword));
        if (writes)
            _code.Lea(quadword, at);
        if (iced.HasLockPrefix)
        {
            _code.ExtractBits(work, offset, Address.Area(Area.BitPart));
            iced.Op1Register = Register.RCX;
            _encoder.Emit(iced);
            return;
        }
        iced.Op0Kind = OpKind.Register;
        iced.Op0Register = Register.RCX;
        iced.Op1Register = name;
        _code.Load(work, writes ? Address.At(quadword) : at);
        _encoder.Emit(iced);
        if (writes)
            _code.Store(Address.At(quadword), work);
    }
}
