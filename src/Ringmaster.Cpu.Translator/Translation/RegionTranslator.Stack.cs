using Iced.Intel;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>PUSH, POP and LEAVE: a store or a load, and then the stack pointer moves.</summary>
internal sealed partial class RegionTranslator
{
    private const int Rbp = 5;

    private int StackWidth => Is64Bit ? 8 : 4;

    private void EmitPush(in GuestInstruction instruction)
    {
        var iced = instruction.Iced;
        if (iced.Op0Kind == OpKind.Memory)
        {
            EmitHostAddress(instruction, GuestAddress.Of(iced, Is64Bit), StackWidth, writes: false);
            // Making flags again takes R15; the second check keeps them.
            if (!_flagsIntact)
                EmitRecipe();
            LoadStackWidth(HostRegister.R15, HostRegister.Rcx);
            EmitHostAddress(instruction, GuestAddress.OnStack(-StackWidth, Is64Bit), StackWidth, writes: true, keepsR15: true);
            StoreStackWidth(HostRegister.Rcx, HostRegister.R15);
        }
        else
        {
            EmitHostAddress(instruction, GuestAddress.OnStack(-StackWidth, Is64Bit), StackWidth, writes: true);
            if (iced.Op0Kind == OpKind.Register)
                StoreStackWidth(HostRegister.Rcx, Fetch(iced.Op0Register.GetFullRegister().GetNumber(), HostRegister.R14));
            else if (Is64Bit)
                _code.Store(Address.At(HostRegister.Rcx), unchecked((int)iced.GetImmediate(0)));
            else
                _code.Store32(Address.At(HostRegister.Rcx), unchecked((int)iced.GetImmediate(0)));
        }
        MoveStackPointer(-StackWidth);
    }

    private void EmitPop(in GuestInstruction instruction)
    {
        EmitHostAddress(instruction, GuestAddress.OnStack(0, Is64Bit), StackWidth, writes: false);
        var guest = instruction.Iced.Op0Register.GetFullRegister().GetNumber();
        // POP RSP: what was popped wins (SDM 2B POP).
        if (guest != Rsp)
            MoveStackPointer(StackWidth);
        var host = GuestRegisters.HostOf(guest);
        LoadStackWidth(host == HostRegister.None ? HostRegister.R14 : host, HostRegister.Rcx);
        if (host == HostRegister.None)
            _code.Store(Address.Area(Area.Register(guest)), HostRegister.R14);
    }

    private void EmitLeave(in GuestInstruction instruction)
    {
        EmitHostAddress(instruction, new GuestAddress(Rbp, -1, 0, 0, Is64Bit ? 64 : 32, -1), StackWidth, writes: false);
        var address = Address.At(HostRegister.Rbp, StackWidth);
        if (Is64Bit)
            _code.Lea(GuestRegisters.StackPointer, address);
        else
            _code.Lea32(GuestRegisters.StackPointer, address);
        LoadStackWidth(HostRegister.Rbp, HostRegister.Rcx);
    }

    private void MoveStackPointer(int bytes)
    {
        var address = Address.At(GuestRegisters.StackPointer, bytes);
        if (Is64Bit)
            _code.Lea(GuestRegisters.StackPointer, address);
        else
            _code.Lea32(GuestRegisters.StackPointer, address);
    }

    private void LoadStackWidth(HostRegister to, HostRegister from)
    {
        if (Is64Bit)
            _code.Load(to, Address.At(from));
        else
            _code.Load32(to, Address.At(from));
    }

    private void StoreStackWidth(HostRegister to, HostRegister value)
    {
        if (Is64Bit)
            _code.Store(Address.At(to), value);
        else
            _code.Store32(Address.At(to), value);
    }
}
