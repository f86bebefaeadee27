using Iced.Intel;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Instructions that the host carries out as they are, with registers renamed and the memory operand at its host address.</summary>
internal sealed partial class RegionTranslator
{
    private const int Rcx = 1;

    private readonly List<SpilledRegister> _spilled = [];

    private void EmitPlain(in GuestInstruction instruction, int number)
    {
        var iced = instruction.Iced;
        // What is left of these prefixes is for instructions of other kinds.
        iced.HasRepPrefix = iced.HasRepnePrefix = false;
        var usesCounter = UsesCounterItself(iced);
        Address? operand = null;
        if (instruction.Access is { } access)
        {
            operand = EmitAccess(instruction, number, access);
            if (usesCounter)
                operand = WithoutCounter(operand.Value);
            else if (HasHighByte(iced) || CountSpilled(iced) > 1)
                operand = InCounter(operand.Value);
            SetMemory(ref iced, operand.Value);
        }
        if (usesCounter)
            _code.Move(HostRegister.Rcx, GuestRegisters.Counter);
        RenameRegisters(ref iced, instruction, usesCounter, operand);
        foreach (var register in _spilled)
        {
            if (register.IsRead)
                _code.Load(register.Host, Address.Area(Area.Register(register.Guest)));
        }
        _encoder.Emit(iced);
        foreach (var register in _spilled)
        {
            if (register.IsWritten)
                _code.Store(Address.Area(Area.Register(register.Guest)), register.Host);
        }
        if (usesCounter && (instruction.Written & 1u << Rcx) != 0)
            _code.Move(GuestRegisters.Counter, HostRegister.Rcx);
    }

    private void EmitLea(in GuestInstruction instruction)
    {
        var address = GuestAddress.Of(instruction.Iced, Is64Bit) with { Segment = -1 };
        var target = instruction.Iced.Op0Register;
        var guest = NumberOf(target);
        var host = GuestRegisters.HostOf(guest);
        if (target.IsGPR32() && address.Bits == 64)
            address = address with { Bits = 32 };
        // A narrow result merges with what the register holds.
        if (target.IsGPR16())
        {
            EmitAddress(HostRegister.Rcx, address, mayChangeFlags: false, HostRegister.None);
            var full = Fetch(guest, HostRegister.R14);
            if (full == HostRegister.R14)
                Release(full);
            _encoder.Emit(Instruction.Create(Code.Mov_r16_rm16, GuestRegisters.Name(full, target), Register.CX));
            if (host == HostRegister.None)
                _code.Store(Address.Area(Area.Register(guest)), full);
            return;
        }
        // Forming the sum may take a register before both operands have been read.
        var isDirect = host != HostRegister.None && !IsSpilled(address.Base) && !IsSpilled(address.Index);
        var to = isDirect ? host : HostRegister.Rcx;
        EmitAddress(to, address, mayChangeFlags: false, HostRegister.None);
        if (host == HostRegister.None)
            _code.Store(Address.Area(Area.Register(guest)), to);
        else
            _code.Move(host, to);
    }

    /// <summary>
    /// Gives register operands their host names. Registers that are in the area get scratch registers for the time of this
    /// instruction, if possible such as hold no group's distance.
    /// </summary>
    private void RenameRegisters(ref Instruction iced, in GuestInstruction instruction, bool keepsCounter, Address? operand)
    {
        for (var i = 0; i < iced.OpCount; i++)
        {
            if (iced.GetOpKind(i) != OpKind.Register || iced.GetOpRegister(i) is var register && !register.IsGPR())
                continue;
            var guest = NumberOf(register);
            if (GuestRegisters.IsHighByte(register) || (keepsCounter && guest == Rcx))
                continue;
            var host = GuestRegisters.HostOf(guest);
            if (host == HostRegister.None)
                host = Spill(guest, register, i, instruction, keepsCounter, operand);
            iced.SetOpRegister(i, GuestRegisters.Name(host, register));
        }
    }

    private HostRegister Spill(int guest, Register register, int index, in GuestInstruction instruction, bool keepsCounter, Address? operand)
    {
        var access = _usage.GetInfo(instruction.Iced).GetOpAccess(index);
        var isWritten = access is not (OpAccess.Read or OpAccess.CondRead);
        // A write of less than 32 bits, or one that may not happen, leaves something of the old value.
        var isRead = access is not OpAccess.Write || register.IsGPR8() || register.IsGPR16();
        for (var i = 0; i < _spilled.Count; i++)
        {
            var former = _spilled[i];
            if (former.Guest != guest)
                continue;
            _spilled[i] = former with { IsRead = former.IsRead || isRead, IsWritten = former.IsWritten || isWritten };
            return former.Host;
        }
        var host = FreeScratch(keepsCounter, operand);
        Release(host);
        _spilled.Add(new SpilledRegister(guest, host, isRead, isWritten));
        return host;
    }

    private static ReadOnlySpan<HostRegister> Scratch => [HostRegister.Rcx, HostRegister.R14, HostRegister.R15];

    private bool IsSpillTarget(HostRegister register)
    {
        foreach (var spilled in _spilled)
        {
            if (spilled.Host == register)
                return true;
        }
        return false;
    }

    private HostRegister FreeScratch(bool keepsCounter, Address? operand)
    {
        var endsGroup = HostRegister.None;
        foreach (var candidate in Scratch)
        {
            if ((candidate == HostRegister.Rcx && keepsCounter) || IsSpillTarget(candidate)
                || (operand is { } address && (address.Base == candidate || address.Index == candidate)))
                continue;
            if (!HoldsDistance(candidate))
                return candidate;
            if (endsGroup == HostRegister.None)
                endsGroup = candidate;
        }
        return endsGroup != HostRegister.None ? endsGroup
            : throw new InvalidOperationException("An instruction needs more scratch registers than there are.");
    }

    /// <summary>An operand whose address leaves RCX free.</summary>
    private Address WithoutCounter(Address operand)
    {
        if (operand.Base != HostRegister.Rcx && operand.Index != HostRegister.Rcx)
            return operand;
        // R14 may be part of the address itself, holding a distance that another instruction still wants; then it is not free.
        var target = operand.Index == HostRegister.R14 || (operand.Index != HostRegister.R15 && HoldsDistance(HostRegister.R14) && !HoldsDistance(HostRegister.R15))
            ? HostRegister.R15 : HostRegister.R14;
        Release(target);
        _code.Lea(target, operand);
        return Address.At(target);
    }

    /// <summary>
    /// An operand whose address is in RCX alone: for instructions that cannot have a REX prefix, or that need the other scratch
    /// registers.
    /// </summary>
    private Address InCounter(Address operand)
    {
        if (operand != Address.At(HostRegister.Rcx))
            _code.Lea(HostRegister.Rcx, operand);
        return Address.At(HostRegister.Rcx);
    }

    private static bool IsSpilled(int guest) => guest >= 0 && GuestRegisters.HostOf(guest) == HostRegister.None;

    private static int CountSpilled(in Instruction iced)
    {
        var count = 0;
        for (var i = 0; i < iced.OpCount; i++)
        {
            if (iced.GetOpKind(i) == OpKind.Register && iced.GetOpRegister(i) is var register && register.IsGPR()
                && !GuestRegisters.IsHighByte(register) && IsSpilled(NumberOf(register)))
                count++;
        }
        return count;
    }

    private static bool HasHighByte(in Instruction iced)
    {
        for (var i = 0; i < iced.OpCount; i++)
        {
            if (iced.GetOpKind(i) == OpKind.Register && GuestRegisters.IsHighByte(iced.GetOpRegister(i)))
                return true;
        }
        return false;
    }

    private static void SetMemory(ref Instruction iced, Address at)
    {
        iced.MemoryBase = Register.RAX + (int)at.Base;
        iced.MemoryIndex = at.Index == HostRegister.None ? Register.None : Register.RAX + (int)at.Index;
        iced.MemoryIndexScale = 1 << at.Scale;
        iced.MemoryDisplacement64 = unchecked((ulong)at.Displacement);
        iced.MemoryDisplSize = at.Displacement == 0 ? 0 : 8;
        iced.SegmentPrefix = Register.None;
    }

    /// <summary>
    /// Whether an instruction must find the guest's RCX in the host's: because it uses it without naming it, or names CL where
    /// no other register can be, or CH.
    /// </summary>
    private static bool UsesCounterItself(in Instruction iced)
    {
        switch (iced.Mnemonic)
        {
            case Mnemonic.Cmpxchg8b or Mnemonic.Cmpxchg16b or Mnemonic.Pcmpestri or Mnemonic.Pcmpistri or Mnemonic.Vpcmpestri
                or Mnemonic.Vpcmpistri or Mnemonic.Pcmpestri64 or Mnemonic.Vpcmpestri64:
                return true;
            case Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar or Mnemonic.Rol or Mnemonic.Ror or Mnemonic.Rcl
                or Mnemonic.Rcr or Mnemonic.Shld or Mnemonic.Shrd when iced.GetOpKind(iced.OpCount - 1) == OpKind.Register:
                return true;
        }
        // Beside AH to BH nothing can be named that takes a REX prefix.
        if (!HasHighByte(iced))
            return false;
        for (var i = 0; i < iced.OpCount; i++)
        {
            if (iced.GetOpKind(i) == OpKind.Register && iced.GetOpRegister(i).IsGPR() && NumberOf(iced.GetOpRegister(i)) == Rcx)
                return true;
        }
        return false;
    }
}
