using Iced.Intel;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>PUSH, POP and LEAVE: a store or a load, and then the stack pointer moves.</summary>
internal sealed partial class RegionTranslator
{
    private int StackWidth => Is64Bit ? 8 : 4;

    private void EmitPush(in GuestInstruction instruction, int number)
    {
        var iced = instruction.Iced;
        if (instruction.SecondAccess is { } store)
        {
            // The value waits in the area: a check has no register to spare for it.
            LoadStackWidth(HostRegister.Rcx, EmitAccess(instruction, number, instruction.Access!.Value));
            _code.Store(Address.Area(Area.Pushed), HostRegister.Rcx);
            var to = EmitAccess(instruction, number, store);
            var scratch = FreeScratch(keepsCounter: false, to);
            Release(scratch);
            _code.Load(scratch, Address.Area(Area.Pushed));
            StoreStackWidth(to, scratch);
        }
        else
        {
            var to = EmitAccess(instruction, number, instruction.Access!.Value);
            if (iced.Op0Kind == OpKind.Register)
            {
                var guest = NumberOf(iced.Op0Register);
                var host = GuestRegisters.HostOf(guest);
                if (host == HostRegister.None)
                {
                    host = FreeScratch(keepsCounter: false, to);
                    Release(host);
                    _code.Load(host, Address.Area(Area.Register(guest)));
                }
                StoreStackWidth(to, host);
            }
            else if (Is64Bit)
            {
                _code.Store(to, unchecked((int)iced.GetImmediate(0)));
            }
            else
            {
                _code.Store32(to, unchecked((int)iced.GetImmediate(0)));
            }
        }
        MoveStackPointer(-StackWidth);
    }

    private void EmitPop(in GuestInstruction instruction, int number)
    {
        var from = EmitAccess(instruction, number, instruction.Access!.Value);
        var guest = NumberOf(instruction.Iced.Op0Register);
        var host = GuestRegisters.HostOf(guest);
        LoadStackWidth(host == HostRegister.None ? HostRegister.Rcx : host, from);
        if (host == HostRegister.None)
            _code.Store(Address.Area(Area.Register(guest)), HostRegister.Rcx);
        // POP RSP: what was popped wins (SDM 2B POP).
        if (guest != Rsp)
            MoveStackPointer(StackWidth);
    }

    private void EmitLeave(in GuestInstruction instruction, int number)
    {
        var from = EmitAccess(instruction, number, instruction.Access!.Value);
        LoadStackWidth(HostRegister.Rcx, from);
        var address = Address.At(HostRegister.Rbp, StackWidth);
        if (Is64Bit)
            _code.Lea(GuestRegisters.StackPointer, address);
        else
            _code.Lea32(GuestRegisters.StackPointer, address);
        _code.Move(HostRegister.Rbp, HostRegister.Rcx);
    }

    private void MoveStackPointer(int bytes)
    {
        var address = Address.At(GuestRegisters.StackPointer, bytes);
        if (Is64Bit)
            _code.Lea(GuestRegisters.StackPointer, address);
        else
            _code.Lea32(GuestRegisters.StackPointer, address);
    }

    private void LoadStackWidth(HostRegister to, Address from)
    {
        if (Is64Bit)
            _code.Load(to, from);
        else
            _code.Load32(to, from);
    }

    private void StoreStackWidth(Address to, HostRegister value)
    {
        if (Is64Bit)
            _code.Store(to, value);
        else
            _code.Store32(to, value);
    }
}
