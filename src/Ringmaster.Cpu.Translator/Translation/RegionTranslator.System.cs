using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Instructions of operating systems that generated code carries out on the vCPU's registers. All leave the arithmetic flags alone.</summary>
internal sealed partial class RegionTranslator
{
    private void EmitClearInterrupt(in GuestInstruction instruction)
    {
        // Where something is pending the interpreter sees to what depends on IF.
        var (slow, back) = InPlaceAside(instruction);
        _code.Load32(HostRegister.Rcx, Address.Area(Area.Run));
        _code.JumpFarIfRcxZero(slow);
        EmitClear(Rflags.Interrupt);
        _code.Bind(back);
    }

    /// <summary>
    /// STI. Interrupts are looked at after branches only, so that the instruction behind it is executed first anyway; unless it
    /// is not part of this block.
    /// </summary>
    private void EmitSetInterrupt(in GuestInstruction instruction, bool isLast)
    {
        if (isLast)
        {
            EmitInPlace(instruction);
            return;
        }
        var (slow, back) = InPlaceAside(instruction);
        _code.Load32(HostRegister.Rcx, Address.Area(Area.WindowWanted));
        _code.JumpUnlessRcxZero(slow);
        _code.Load32(HostRegister.Rcx, Address.Area(Area.OtherFlags));
        EmitWithout(Rflags.Interrupt);
        _code.Lea32(HostRegister.Rcx, Address.At(HostRegister.Rcx, (int)Rflags.Interrupt));
        _code.Store32(Address.Area(Area.OtherFlags), HostRegister.Rcx);
        _code.Bind(back);
    }

    /// <summary>Clears a flag that is not an arithmetic one.</summary>
    private void EmitClear(uint flag)
    {
        _code.Load32(HostRegister.Rcx, Address.Area(Area.OtherFlags));
        EmitWithout(flag);
        _code.Store32(Address.Area(Area.OtherFlags), HostRegister.Rcx);
    }

    private void EmitWithout(uint flag)
    {
        var mask = Address.Area(flag == Rflags.Interrupt ? Area.AllButInterrupt : Area.AllButDirection);
        _code.ExtractBits(HostRegister.Rcx, HostRegister.Rcx, mask);
        _code.DepositBits(HostRegister.Rcx, HostRegister.Rcx, mask);
    }

    private void EmitPushFlags(in GuestInstruction instruction, int number)
    {
        if (!CanGroup(instruction.Access!.Value.Address))
        {
            EmitInPlace(instruction);
            return;
        }
        var to = EmitAccess(instruction, number, instruction.Access.Value);
        Release(HostRegister.R14);
        _code.PushFlags();
        _code.Pop(HostRegister.Rcx);
        _code.ExtractBits(HostRegister.Rcx, HostRegister.Rcx, Address.Area(Area.StatusMask));
        _code.DepositBits(HostRegister.Rcx, HostRegister.Rcx, Address.Area(Area.StatusMask));
        // Neither RF nor VM is ever set here.
        _code.Load32(HostRegister.R14, Address.Area(Area.OtherFlags));
        _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, HostRegister.R14));
        _code.Store(to, HostRegister.Rcx);
        MoveStackPointer(-StackWidth);
    }

    private void EmitSwapGs()
    {
        Release(HostRegister.R14);
        _code.Load(HostRegister.Rcx, Address.Area(Area.KernelGsBase));
        _code.Load(HostRegister.R14, Address.Area(Area.SegmentBase(SegmentIndex.Gs)));
        _code.Store(Address.Area(Area.KernelGsBase), HostRegister.R14);
        _code.Store(Address.Area(Area.SegmentBase(SegmentIndex.Gs)), HostRegister.Rcx);
        _code.Store(Address.Area(Area.Bases + SegmentIndex.Gs * 8), HostRegister.Rcx);
    }

    private void EmitStoreSelector(in GuestInstruction instruction, int number)
    {
        var to = EmitAccess(instruction, number, instruction.Access!.Value);
        var scratch = FreeScratch(keepsCounter: false, to);
        Release(scratch);
        _code.Load16(scratch, Address.Area(Area.Selector(instruction.Iced.Op1Register - Register.ES)));
        _code.Store16(to, scratch);
    }

    private void EmitReadBase(in GuestInstruction instruction)
    {
        var (slow, back) = InPlaceAside(instruction);
        EmitBaseAccessTest(slow);
        var guest = NumberOf(instruction.Iced.Op0Register);
        var host = GuestRegisters.HostOf(guest);
        var to = host == HostRegister.None ? HostRegister.Rcx : host;
        var from = Address.Area(Area.SegmentBase(BaseOf(instruction)));
        if (instruction.Iced.Op0Register.IsGPR32())
            _code.Load32(to, from);
        else
            _code.Load(to, from);
        if (host == HostRegister.None)
            _code.Store(Address.Area(Area.Register(guest)), to);
        _code.Bind(back);
    }

    private void EmitWriteBase(in GuestInstruction instruction)
    {
        var (slow, back) = InPlaceAside(instruction);
        EmitBaseAccessTest(slow);
        Release(HostRegister.R14);
        var value = Fetch(NumberOf(instruction.Iced.Op0Register), HostRegister.R14);
        if (instruction.Iced.Op0Register.IsGPR32())
        {
            _code.Move32(HostRegister.R14, value);
            value = HostRegister.R14;
        }
        else
        {
            // What is canonical in 57 bits only is for the interpreter.
            LoadShifted(value, 47);
            _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, 1));
            _code.ExtractBits(HostRegister.Rcx, HostRegister.Rcx, Address.Area(Area.AllButLowest));
            _code.JumpUnlessRcxZero(slow);
        }
        var segment = BaseOf(instruction);
        _code.Store(Address.Area(Area.SegmentBase(segment)), value);
        _code.Store(Address.Area(Area.Bases + segment * 8), value);
        _code.Bind(back);
    }

    /// <summary>Loads RCX with a register shifted right by so many bits, its sign into them. Keeps the flags.</summary>
    private void LoadShifted(HostRegister value, byte count)
    {
        _code.Constant(HostRegister.Rcx, count);
        _encoder.Emit(Instruction.Create(Code.VEX_Sarx_r64_rm64_r64, Register.RCX, GuestRegisters.Name(value, Register.RAX), Register.RCX));
    }

    /// <summary>Goes elsewhere unless CR4.FSGSBASE is set.</summary>
    private void EmitBaseAccessTest(HostLabel elsewhere)
    {
        _code.Load(HostRegister.Rcx, Address.Area(Area.Cr4));
        _code.ExtractBits(HostRegister.Rcx, HostRegister.Rcx, Address.Area(Area.BaseAccess));
        _code.JumpFarIfRcxZero(elsewhere);
    }

    private static int BaseOf(in GuestInstruction instruction) =>
        instruction.Iced.Mnemonic is Mnemonic.Rdfsbase or Mnemonic.Wrfsbase ? SegmentIndex.Fs : SegmentIndex.Gs;

    private void EmitReadRegister(in GuestInstruction instruction)
    {
        var target = NumberOf(instruction.Iced.Op0Register);
        var host = GuestRegisters.HostOf(target);
        if (instruction.Iced.Op0Register.IsGPR16())
        {
            // Merges with what the register holds.
            _code.Load16(HostRegister.Rcx, Address.Area(Area.Selector(instruction.Iced.Op1Register - Register.ES)));
            if (host == HostRegister.None)
                _code.Store16(Address.Area(Area.Register(target)), HostRegister.Rcx);
            else
                _encoder.Emit(Instruction.Create(Code.Mov_r16_rm16, GuestRegisters.Name(host, Register.AX), Register.CX));
            return;
        }
        var to = host == HostRegister.None ? HostRegister.Rcx : host;
        switch (instruction.Iced.Op1Register)
        {
            case Register.CR0:
                _code.Load(to, Address.Area(Area.Cr0));
                break;
            case Register.CR2:
                _code.Load(to, Address.Area(Area.Cr2));
                break;
            case Register.CR3:
                _code.Load(to, Address.Area(Area.Cr3));
                break;
            case Register.CR4:
                _code.Load(to, Address.Area(Area.Cr4));
                break;
            case Register.CR8:
                _code.Load(to, Address.Area(Area.Cr8));
                break;
            default:
                _code.Load16(to, Address.Area(Area.Selector(instruction.Iced.Op1Register - Register.ES)));
                break;
        }
        if (host == HostRegister.None)
            _code.Store(Address.Area(Area.Register(target)), to);
    }

    /// <summary>MOV to CR8. While an interrupt waits the interpreter sees to it.</summary>
    private void EmitWriteTaskPriority(in GuestInstruction instruction)
    {
        var (slow, back) = InPlaceAside(instruction);
        Release(HostRegister.R14);
        var value = Fetch(NumberOf(instruction.Iced.Op1Register), HostRegister.R14);
        _code.Load32(HostRegister.Rcx, Address.Area(Area.TaskPriorityThreshold));
        _code.JumpUnlessRcxZero(slow);
        _code.ExtractBits(HostRegister.Rcx, value, Address.Area(Area.NoPriority));
        _code.JumpUnlessRcxZero(slow);
        _code.Store(Address.Area(Area.Cr8), value);
        _code.Bind(back);
    }

    /// <summary>Puts off a part in which the interpreter carries an instruction out; groups stay as they are.</summary>
    private (HostLabel Start, HostLabel Back) InPlaceAside(in GuestInstruction instruction)
    {
        HostLabel start = _code.NewLabel(), back = _code.NewLabel();
        _cold.Add(new ColdPart(ColdPartKind.InPlace, start, RipOf(instruction))
        {
            Back = back,
            Uncounted = _uncounted,
            Recipe = _flagsIntact ? FlagRecipe.None : _recipe,
        });
        return (start, back);
    }

    private void EmitInPlaceAside(in ColdPart part)
    {
        _code.Push(HostRegister.R14);
        _code.Push(HostRegister.R15);
        // The interpreter may not come back.
        EmitRecipe(part.Recipe, HostRegister.Rcx);
        EmitInPlaceCall(new ExitPoint(ExitKind.InPlace, OffsetOf(part.Rip)) { Uncounted = part.Uncounted, CountsItself = _counts });
        _code.Pop(HostRegister.R15);
        _code.Pop(HostRegister.R14);
        EmitVectorsBack();
        _code.Jump(part.Back);
    }

    private void EmitInPlaceCall(ExitPoint exit)
    {
        EmitExitNumber(exit);
        _code.Call(_runtime.InPlace);
    }
}
