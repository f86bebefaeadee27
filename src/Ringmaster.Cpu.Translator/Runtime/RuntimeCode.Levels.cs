using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.State;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Runtime;

/// <summary>
/// SYSCALL, SYSRET and IRET (APM 3; SDM 2A, 2B) in machine code, by <see cref="SystemCallCells"/> and
/// <see cref="InterruptReturnCells"/>. The record of calls is forgotten: no return must lead from code of one level into another's.
/// </summary>
internal sealed unsafe partial class RuntimeCode
{
    /// <summary>Flags that SYSRET takes from R11, and those among them that the routine can set.</summary>
    private const int ReturnedFlags = 0x3C_7FD7, PlainFlags = 0x20_0AD7;

    /// <summary>Where SYSCALL goes if the cells are right.</summary>
    public ulong SystemCall { get; }

    /// <summary>Where SYSRET goes if the cells are right.</summary>
    public ulong SystemReturn { get; }

    /// <summary>IRET, with its exit's number in RCX and the host address of its frame in R14.</summary>
    public ulong InterruptReturn { get; }

    private void EmitSystemCall()
    {
        var wanted = _code.NewLabel();
        _code.Store32(Address.Area(Area.Exit), HostRegister.Rcx);
        _code.Load32(HostRegister.Rcx, Address.Area(Area.Run));
        _code.JumpFarIfRcxZero(wanted);
        // R11: RFLAGS; RCX: where to return to.
        _code.PushFlags();
        _code.Pop(HostRegister.R11);
        _code.Do(Alu.And, HostRegister.R11, Address.Area(Area.StatusMask));
        _code.Move(HostRegister.R15, HostRegister.R11);
        _code.Load32(HostRegister.Rcx, Address.Area(Area.OtherFlags));
        _code.Do(Alu.Or, HostRegister.R11, HostRegister.Rcx);
        _code.Move(GuestRegisters.Counter, HostRegister.R14);
        _code.Do(Alu.And, HostRegister.Rcx, Address.Area(Area.CallOthersKept));
        _code.Store32(Address.Area(Area.OtherFlags), HostRegister.Rcx);
        _code.Do(Alu.And, HostRegister.R15, Address.Area(Area.CallStatusKept));
        _code.Store(Address.Area(Area.StatusFlags), HostRegister.R15);
        CopySegment(Area.CallKernelCode, SegmentIndex.Cs);
        CopySegment(Area.CallKernelStack, SegmentIndex.Ss);
        _code.Load(HostRegister.Rcx, Address.Area(Area.CallTarget));
        EnterOtherLevel();
        _code.Bind(wanted);
        LeaveByStoredExit();
    }

    private void EmitSystemReturn()
    {
        HostLabel wanted = _code.NewLabel(), slow = _code.NewLabel();
        _code.Store32(Address.Area(Area.Exit), HostRegister.Rcx);
        _code.Load32(HostRegister.Rcx, Address.Area(Area.Run));
        _code.JumpFarIfRcxZero(wanted);
        _code.PushFlags();
        // Only flags that change nothing but what they say.
        _code.Move32(HostRegister.R14, HostRegister.R11);
        _code.Do(Alu.And, HostRegister.R14, ReturnedFlags, wide: false);
        _code.Move32(HostRegister.R15, HostRegister.R14);
        _code.Do(Alu.And, HostRegister.R15, ReturnedFlags & ~PlainFlags, wide: false);
        _code.Jump(Condition.NotEqual, slow);
        // If someone waits for IF, the interpreter sees to it.
        _code.Do32(Alu.Compare, Address.Area(Area.WindowWanted), 0);
        _code.Jump(Condition.NotEqual, slow);
        UnlessSame(Address.Area(Area.SegmentRegister(SegmentIndex.Ss) + 8), Area.CallStackBefore + 8, slow);
        UnlessSame(Address.Area(Area.SegmentRegister(SegmentIndex.Ss) + 16), Area.CallStackBefore + 16, slow);
        _code.Load(HostRegister.R15, Address.Area(Area.CallUserJumps));
        _code.ExtractBits(HostRegister.Rcx, GuestRegisters.Counter, Address.Area(Area.JumpMask));
        _code.Lea(HostRegister.R15, Address.At(HostRegister.R15, HostRegister.Rcx, 3));
        _code.Load(HostRegister.Rcx, Address.AreaAt(0, HostRegister.R15));
        _code.Do(Alu.Add, HostRegister.Rcx, GuestRegisters.Counter);
        _code.Jump(Condition.NotEqual, slow);
        _code.Load(HostRegister.R15, Address.AreaAt(Area.JumpEntries * 8, HostRegister.R15));
        StoreFlags(HostRegister.R14, HostRegister.Rcx);
        CopySegment(Area.CallUserCode, SegmentIndex.Cs);
        CopySegment(Area.CallUserStack, SegmentIndex.Ss);
        _code.Move(HostRegister.Rcx, HostRegister.R15);
        EnterOtherLevel();
        _code.Bind(slow);
        _code.PopFlags();
        _code.Bind(wanted);
        LeaveByStoredExit();
    }

    private void EmitInterruptReturn()
    {
        HostLabel wanted = _code.NewLabel(), slow = _code.NewLabel(), masked = _code.NewLabel(), toKernel = _code.NewLabel();
        HostRegister frame = HostRegister.R14, work = HostRegister.R15;
        _code.Store32(Address.Area(Area.Exit), HostRegister.Rcx);
        // Where there are breakpoints, which RF would be about, this is zero too.
        _code.Load32(HostRegister.Rcx, Address.Area(Area.Run));
        _code.JumpFarIfRcxZero(wanted);
        _code.PushFlags();
        // Only flags that change nothing but what they say.
        _code.Load(work, Address.At(frame, 16));
        _code.Do(Alu.And, work, ~(PlainFlags | (int)Rflags.Resume));
        _code.Jump(Condition.NotEqual, slow);
        _code.Load32(work, Address.Area(Area.OtherFlags));
        _code.Do(Alu.And, work, (int)Rflags.NestedTask, wide: false);
        _code.Do32(Alu.Or, work, Address.Area(Area.NmiBlocked));
        _code.Jump(Condition.NotEqual, slow);
        // If someone waits for IF, the interpreter sees to it.
        _code.Load32(work, Address.At(frame, 16));
        _code.Do(Alu.And, work, (int)Rflags.Interrupt, wide: false);
        _code.Jump(Condition.Equal, masked);
        _code.Do32(Alu.Compare, Address.Area(Area.WindowWanted), 0);
        _code.Jump(Condition.NotEqual, slow);
        _code.Bind(masked);
        _code.Load(work, Address.At(frame, 8));
        _code.Do(Alu.And, work, 3, wide: false);
        _code.Jump(Condition.Equal, toKernel);
        UnlessSame(Address.Area(Area.SegmentRights(SegmentIndex.Es)), Area.ReturnEs, slow);
        UnlessSame(Address.Area(Area.SegmentRights(SegmentIndex.Ds)), Area.ReturnDs, slow);
        UnlessSame(Address.Area(Area.SegmentRights(SegmentIndex.Fs)), Area.ReturnFs, slow);
        UnlessSame(Address.Area(Area.SegmentRights(SegmentIndex.Gs)), Area.ReturnGs, slow);
        EmitReturnBy(0, slow);
        _code.Bind(toKernel);
        EmitReturnBy(Area.ReturnToKernel, slow);
        _code.Bind(slow);
        _code.PopFlags();
        _code.Bind(wanted);
        LeaveByStoredExit();
    }

    /// <summary>Returns from an interrupt by the cells so far behind those for user code. R14 is the frame's host address.</summary>
    private void EmitReturnBy(int cells, HostLabel slow)
    {
        HostRegister frame = HostRegister.R14, work = HostRegister.R15;
        _code.Load(HostRegister.Rcx, Address.Area(Area.ReturnIsLearned + cells));
        _code.JumpFarIfRcxZero(slow);
        UnlessSame(Address.At(frame, 8), Area.ReturnCodeSelector + cells, slow);
        UnlessSame(Address.At(frame, 32), Area.ReturnStackSelector + cells, slow);
        _code.Load(HostRegister.Rcx, Address.Area(Area.ReturnCodePlace + cells));
        UnlessSame(Address.At(HostRegister.Rcx), Area.ReturnCodeDescriptor + cells, slow);
        _code.Load(HostRegister.Rcx, Address.Area(Area.ReturnStackPlace + cells));
        UnlessSame(Address.At(HostRegister.Rcx), Area.ReturnStackDescriptor + cells, slow);
        _code.Load(work, Address.At(frame));
        _code.ExtractBits(HostRegister.Rcx, work, Address.Area(Area.JumpMask));
        _code.ShiftLeft(HostRegister.Rcx, 3);
        _code.Do(Alu.Add, HostRegister.Rcx, Address.Area(Area.ReturnJumps + cells));
        _code.Do(Alu.Add, work, Address.AreaAt(0, HostRegister.Rcx));
        _code.Jump(Condition.NotEqual, slow);
        _code.Load(HostRegister.Rcx, Address.AreaAt(Area.JumpEntries * 8, HostRegister.Rcx));
        _code.Load(work, Address.At(frame, 16));
        _code.Load(GuestRegisters.StackPointer, Address.At(frame, 24));
        _code.Do(Alu.And, work, PlainFlags, wide: false);
        StoreFlags(work, HostRegister.R14);
        CopySegment(Area.ReturnCode + cells, SegmentIndex.Cs);
        CopySegment(Area.ReturnStack + cells, SegmentIndex.Ss);
        // IRET serializes (SDM 3A 8.3): no load behind it comes before a store ahead of it.
        _code.Bytes([0xF0, 0x83, 0x0C, 0x24, 0x00]); // lock or dword [rsp], 0
        EnterOtherLevel();
    }

    /// <summary>Makes a register RFLAGS. It is lost, and so is the other.</summary>
    private void StoreFlags(HostRegister flags, HostRegister scratch)
    {
        _code.Move(scratch, flags);
        _code.Do(Alu.And, scratch, Address.Area(Area.StatusMask));
        _code.Store(Address.Area(Area.StatusFlags), scratch);
        _code.Do(Alu.Subtract, flags, scratch);
        _code.Do(Alu.Or, flags, 2, wide: false);
        _code.Store32(Address.Area(Area.OtherFlags), flags);
    }

    /// <summary>Goes elsewhere unless a value is what a cell holds. R15 is lost.</summary>
    private void UnlessSame(Address value, int cell, HostLabel elsewhere)
    {
        _code.Load(HostRegister.R15, value);
        _code.Do(Alu.Compare, HostRegister.R15, Address.Area(cell));
        _code.Jump(Condition.NotEqual, elsewhere);
    }

    /// <summary>Goes on at RCX with the flags that are in the area. The stack may hold anything.</summary>
    private void EnterOtherLevel()
    {
        _code.Store32(Address.Area(Area.ModeChanged), 1);
        _code.Load(HostRegister.Rsp, Address.Area(Area.RecordBase));
        _code.Move(HostRegister.R14, HostRegister.Rax);
        _code.Move(HostRegister.R15, HostRegister.Rdx);
        LoadFlags();
        _code.Move(HostRegister.Rax, HostRegister.R14);
        _code.Move(HostRegister.Rdx, HostRegister.R15);
        _code.Jump(HostRegister.Rcx);
    }

    private void LeaveByStoredExit()
    {
        _code.Load32(HostRegister.Rcx, Address.Area(Area.Exit));
        _code.Jump(Exit);
    }

    /// <summary>Copies a segment into a register. R14 is lost.</summary>
    private void CopySegment(int from, int segment)
    {
        for (var i = 0; i < sizeof(Segment); i += 8)
        {
            _code.Load(HostRegister.R14, Address.Area(from + i));
            _code.Store(Address.Area(Area.SegmentRegister(segment) + i), HostRegister.R14);
        }
    }
}
