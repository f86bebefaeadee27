using Iced.Intel;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Instructions that the host carries out as they are, with registers renamed and the memory operand at its host address.</summary>
internal sealed partial class RegionTranslator
{
    private const int Rcx = 1;

    private void EmitPlain(in GuestInstruction instruction)
    {
        var iced = instruction.Iced;
        var usage = _usage.GetInfo(iced);
        // What is left of these prefixes is for instructions of other kinds.
        iced.HasRepPrefix = iced.HasRepnePrefix = false;
        var usesCounter = UsesCounterItself(iced);
        var memory = MemoryOperand(iced);
        if (memory >= 0)
        {
            var access = usage.GetOpAccess(memory);
            var writes = access is not (OpAccess.Read or OpAccess.CondRead or OpAccess.None or OpAccess.NoMemAccess);
            var size = iced.MemorySize.GetSize();
            EmitHostAddress(instruction, GuestAddress.Of(iced, Is64Bit), size, writes, Alignment.Demands(iced));
            var at = HostRegister.Rcx;
            if (usesCounter)
            {
                at = HostRegister.R14;
                _code.Move(at, HostRegister.Rcx);
            }
            SetMemory(ref iced, at);
        }
        if (usesCounter)
            _code.Move(HostRegister.Rcx, GuestRegisters.Counter);
        var spilled = RenameRegisters(ref iced, usage, usesCounter, memory >= 0);
        foreach (var (guest, host, isRead, _) in spilled)
        {
            if (isRead)
                _code.Load(host, Address.Area(Area.Register(guest)));
        }
        _encoder.Emit(iced);
        foreach (var (guest, host, _, isWritten) in spilled)
        {
            if (isWritten)
                _code.Store(Address.Area(Area.Register(guest)), host);
        }
        if (usesCounter && WritesCounter(instruction.Iced, usage))
            _code.Move(GuestRegisters.Counter, HostRegister.Rcx);
    }

    private void EmitLea(in GuestInstruction instruction)
    {
        var address = GuestAddress.Of(instruction.Iced, Is64Bit) with { Segment = -1 };
        var target = instruction.Iced.Op0Register;
        var guest = target.GetFullRegister().GetNumber();
        var host = GuestRegisters.HostOf(guest);
        // A narrow result merges with what the register holds.
        if (host == HostRegister.None || target.IsGPR16())
        {
            EmitAddress(HostRegister.R15, address, mayChangeFlags: false);
            if (target.IsGPR16())
            {
                var full = Fetch(guest, HostRegister.R14);
                _encoder.Emit(Instruction.Create(Code.Mov_r16_rm16, GuestRegisters.Name(full, target), Register.R15W));
                if (host == HostRegister.None)
                    _code.Store(Address.Area(Area.Register(guest)), full);
                return;
            }
            if (target.IsGPR32())
                _code.Move32(HostRegister.R15, HostRegister.R15);
            _code.Store(Address.Area(Area.Register(guest)), HostRegister.R15);
            return;
        }
        if (target.IsGPR32() && address.Bits == 64)
        {
            EmitAddress(host, address with { Bits = 32 }, mayChangeFlags: false);
            return;
        }
        EmitAddress(host, address, mayChangeFlags: false);
    }

    /// <summary>
    /// Gives register operands their host names. Registers that are in the area get R14 and R15, for the time of this
    /// instruction.
    /// </summary>
    private List<(int Guest, HostRegister Host, bool IsRead, bool IsWritten)> RenameRegisters(
        ref Instruction iced, in InstructionInfo usage, bool keepsCounter, bool hasMemory)
    {
        _spilled.Clear();
        ReadOnlySpan<HostRegister> scratch = (hasMemory, keepsCounter) switch
        {
            (true, true) => [HostRegister.R15],
            (false, false) => [HostRegister.R14, HostRegister.R15, HostRegister.Rcx],
            _ => [HostRegister.R14, HostRegister.R15],
        };
        for (var i = 0; i < iced.OpCount; i++)
        {
            if (iced.GetOpKind(i) != OpKind.Register || iced.GetOpRegister(i) is var register && !register.IsGPR())
                continue;
            if (GuestRegisters.IsHighByte(register))
                continue;
            var guest = register.GetFullRegister().GetNumber();
            if (keepsCounter && guest == Rcx)
                continue;
            var host = GuestRegisters.HostOf(guest);
            if (host == HostRegister.None)
            {
                var access = usage.GetOpAccess(i);
                var isWritten = access is not (OpAccess.Read or OpAccess.CondRead);
                // A write of less than 32 bits, or one that may not happen, leaves something of the old value.
                var isRead = access is not OpAccess.Write || register.IsGPR8() || register.IsGPR16();
                var known = _spilled.FindIndex(s => s.Guest == guest);
                if (known >= 0)
                {
                    host = _spilled[known].Host;
                    _spilled[known] = (guest, host, _spilled[known].IsRead || isRead, _spilled[known].IsWritten || isWritten);
                }
                else
                {
                    host = scratch[_spilled.Count];
                    _spilled.Add((guest, host, isRead, isWritten));
                }
            }
            iced.SetOpRegister(i, GuestRegisters.Name(host, register));
        }
        return _spilled;
    }

    private readonly List<(int Guest, HostRegister Host, bool IsRead, bool IsWritten)> _spilled = [];

    private static void SetMemory(ref Instruction iced, HostRegister at)
    {
        iced.MemoryBase = Register.RAX + (int)at;
        iced.MemoryIndex = Register.None;
        iced.MemoryIndexScale = 1;
        iced.MemoryDisplacement64 = 0;
        iced.MemoryDisplSize = 0;
        iced.SegmentPrefix = Register.None;
    }

    private static int MemoryOperand(in Instruction iced)
    {
        for (var i = 0; i < iced.OpCount; i++)
        {
            if (iced.GetOpKind(i) == OpKind.Memory)
                return i;
        }
        return -1;
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
        var highByte = false;
        var counter = false;
        for (var i = 0; i < iced.OpCount; i++)
        {
            if (iced.GetOpKind(i) != OpKind.Register)
                continue;
            var register = iced.GetOpRegister(i);
            highByte |= GuestRegisters.IsHighByte(register);
            counter |= register == Register.CH || (register.IsGPR() && register.GetFullRegister() == Register.RCX);
        }
        return highByte && counter;
    }

    private static bool WritesCounter(in Instruction iced, in InstructionInfo usage)
    {
        foreach (var used in usage.GetUsedRegisters())
        {
            if (used.Access is not (OpAccess.Read or OpAccess.CondRead) && used.Register.IsGPR() && used.Register.GetFullRegister() == Register.RCX)
                return true;
        }
        return false;
    }
}
