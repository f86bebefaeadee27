using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// Calls and returns. A guest's call is a host call too, with the complement of the guest's return address beneath the host's
/// on the host's stack; a guest's return that leads where the last call expects it is a host return, which the host predicts.
/// </summary>
/// <remarks>
/// The record is only a guess: every way out of generated code forgets it, and a return that does not match does too. What is
/// on the host's stack is bounded by a test in calls that could be part of a recursion.
/// </remarks>
internal sealed partial class RegionTranslator
{
    private void EmitCall(GuestBlock block, int number, in GuestInstruction instruction, int instructionNumber)
    {
        var to = EmitAccess(instruction, instructionNumber, instruction.Access!.Value);
        EmitStoreReturnAddress(instruction, to);
        EmitRecord(ReturnAddressOf(instruction));
        _code.Call(ColdBranch(block, block.Taken!.Value, isCall: true));
        EmitLanding(number, block.Next!.Value);
    }

    private void EmitIndirectCall(GuestBlock block, int number, in GuestInstruction instruction, int instructionNumber)
    {
        LoadTarget(instruction, instructionNumber);
        EmitFindTarget(RipOf(instruction), isCall: true);
        // The target waits in the area while the store is checked.
        _code.Load(HostRegister.R14, Address.Area(Area.JumpHosts(_context), HostRegister.R15, 3));
        _code.Store(Address.Area(Area.Pushed), HostRegister.R14);
        var to = EmitAccess(instruction, instructionNumber, instruction.SecondAccess!.Value);
        EmitStoreReturnAddress(instruction, to);
        EmitRecord(ReturnAddressOf(instruction));
        _code.Call(Address.Area(Area.Pushed));
        EmitLanding(number, block.Next!.Value);
    }

    private void EmitReturn(in GuestInstruction instruction, int number)
    {
        HostLabel expected = _code.NewLabel(), unknown = _code.NewLabel();
        var popped = StackWidth + (instruction.Iced.OpCount == 0 ? 0 : instruction.Iced.Immediate16);
        LoadStackWidth(HostRegister.Rcx, EmitAccess(instruction, number, instruction.Access!.Value));
        _code.Load(HostRegister.R14, Address.At(HostRegister.Rsp, 8));
        _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, HostRegister.R14, 0, 1));
        _code.JumpIfRcxZero(expected);
        // Some other place: back to the target itself, and away with a record that is wrong.
        _code.Not(HostRegister.R14);
        _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, HostRegister.R14));
        _code.Load(HostRegister.Rsp, Address.Area(Area.RecordBase));
        EmitFindTarget(RipOf(instruction), isReturn: Is64Bit && instruction.Iced.OpCount == 0);
        MoveStackPointer(popped);
        _code.Jump(Address.Area(Area.JumpHosts(_context), HostRegister.R15, 3));
        _code.Bind(expected);
        MoveStackPointer(popped);
        _code.Return(8);
    }

    /// <summary>Pushes what a return is compared with.</summary>
    private void EmitRecord(ulong returnAddress)
    {
        var complement = ~returnAddress;
        if (!_isMovable && (ulong)(int)complement == complement)
        {
            _code.Push((int)complement);
            return;
        }
        EmitMovable(HostRegister.Rcx, complement, RelocationKind.Complement);
        _code.Push(HostRegister.Rcx);
    }

    /// <summary>Where a call comes back to.</summary>
    private void EmitLanding(int number, ulong next)
    {
        EmitVectorsBack();
        EmitGoOn(number, next);
    }

    /// <summary>After a call: whoever was called may have taken the vectors away.</summary>
    private void EmitVectorsBack()
    {
        if (!_usesVectors)
            return;
        HostLabel load = _code.NewLabel(), go = _code.NewLabel();
        _code.Load32(HostRegister.Rcx, Address.Area(Area.HasVectors));
        _code.JumpIfRcxZero(load);
        _code.JumpShort(go);
        _code.Bind(load);
        _code.Call(_runtime.LoadVectors);
        _code.Bind(go);
    }

    /// <summary>Leads elsewhere when the host's stack has come to the lowest 4 KiB of its window of 64 KiB.</summary>
    private void EmitDepthTest(HostLabel deep)
    {
        _code.ExtractBits(HostRegister.Rcx, HostRegister.Rsp, Address.Area(Area.DepthMask));
        _code.JumpIfRcxZero(deep);
    }

    private ulong ReturnAddressOf(in GuestInstruction instruction)
    {
        var next = RipOf(instruction) + (ulong)instruction.Iced.Length;
        return Is64Bit ? next : (uint)next;
    }

    /// <summary>Stores the address of the following instruction and moves the stack pointer.</summary>
    private void EmitStoreReturnAddress(in GuestInstruction instruction, Address to)
    {
        var next = ReturnAddressOf(instruction);
        if (!Is64Bit)
        {
            _code.Store32(to, unchecked((int)next));
        }
        else if (!_isMovable && (ulong)(int)next == next)
        {
            _code.Store(to, (int)next);
        }
        else
        {
            var scratch = FreeScratch(keepsCounter: false, to);
            Release(scratch);
            EmitLinear(scratch, next);
            _code.Store(to, scratch);
        }
        MoveStackPointer(-StackWidth);
    }
}
