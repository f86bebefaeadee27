using System.Numerics;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Runtime;

/// <summary>
/// REP STOS and REP MOVS. As much as lies in one run of host memory is left to the host's own instruction; an element that no
/// slot can serve goes alone. Between runs the guest's registers are right, so that the interpreter can take over.
/// </summary>
internal sealed unsafe partial class RuntimeCode
{
    /// <summary>Most bytes that go at once: the run loop does not wait longer than they take.</summary>
    private const int MostBytesAtOnce = 64 * 1024;

    private readonly Dictionary<(int Mode, int Size, bool Moves), ulong> _repeats = [];

    /// <summary>
    /// Carries out as much as it can of a repeated store or move. Called with the <see cref="FillRequest"/> of the destination
    /// pushed, and for a move that of the source after it; removes both. Returns zero in RCX if nothing is left to do. Flags, R14
    /// and R15 are kept.
    /// </summary>
    /// <param name="mode">The MMU mode's number.</param>
    /// <param name="size">Bytes of an element.</param>
    /// <param name="moves">MOVS, not STOS.</param>
    public ulong Repeat(int mode, int size, bool moves) => _repeats[(mode, size, moves)];

    private static ReadOnlySpan<HostRegister> RepeatScratch => [HostRegister.Rdx, HostRegister.Rbx, HostRegister.R14, HostRegister.R15];

    private void EmitRepeats()
    {
        for (var mode = 0; mode < Area.TlbModes; mode++)
        {
            for (var size = 1; size <= 8; size *= 2)
            {
                foreach (var moves in (bool[])[false, true])
                {
                    _repeats[(mode, size, moves)] = Begin();
                    EmitRepeat(mode, size, moves);
                }
            }
        }
    }

    private void EmitRepeat(int mode, int size, bool moves)
    {
        HostLabel next = _code.NewLabel(), go = _code.NewLabel(), miss = _code.NewLabel(), alone = _code.NewLabel(), left = _code.NewLabel(),
            done = _code.NewLabel(), leave = _code.NewLabel();
        HostRegister count = GuestRegisters.Counter, from = HostRegister.Rsi, to = HostRegister.Rdi;
        // With what the caller has pushed the stack is a multiple of 16 again.
        _code.PushFlags();
        foreach (var register in RepeatScratch)
            _code.Push(register);
        if (!moves)
            _code.Push(HostRegister.Rax);
        int sourceRequest = 8 * (RepeatScratch.Length + 2), targetRequest = sourceRequest + 8;

        _code.Load32(HostRegister.Rcx, Address.Area(Area.OtherFlags));
        _code.ShiftRight(HostRegister.Rcx, 10);
        _code.Do(Alu.And, HostRegister.Rcx, 1, wide: false);
        _code.Jump(Condition.NotEqual, left);

        _code.Bind(next);
        _code.Test(count, count);
        _code.Jump(Condition.Equal, done);
        _code.Do32(Alu.Compare, Address.Area(Area.Run), 0);
        _code.Jump(Condition.Equal, left);
        EmitRuns(miss);
        _code.Bind(go);
        if (moves)
        {
            _code.Do(Alu.Compare, HostRegister.Rbx, HostRegister.Rdx);
            _code.MoveIf(Condition.Above, HostRegister.Rbx, HostRegister.Rdx);
        }
        if (size > 1)
            _code.ShiftRight(HostRegister.Rbx, (byte)BitOperations.Log2((uint)size));
        _code.Do(Alu.Compare, HostRegister.Rbx, count);
        _code.MoveIf(Condition.Above, HostRegister.Rbx, count);
        _code.Constant(HostRegister.Rcx, (ulong)(MostBytesAtOnce / size));
        _code.Do(Alu.Compare, HostRegister.Rcx, HostRegister.Rbx);
        _code.MoveIf(Condition.Above, HostRegister.Rcx, HostRegister.Rbx);
        _code.Do(Alu.Subtract, count, HostRegister.Rcx);
        _code.Do(Alu.Add, to, HostRegister.R14);
        if (moves)
            _code.Do(Alu.Add, from, HostRegister.R15);
        EmitHostRepeat(size, moves);
        _code.Do(Alu.Subtract, to, HostRegister.R14);
        if (moves)
            _code.Do(Alu.Subtract, from, HostRegister.R15);
        _code.Jump(next);

        // Most often the slots have only been elsewhere.
        _code.Bind(miss);
        EmitAsks();
        EmitRuns(alone);
        _code.Jump(go);

        _code.Bind(alone);
        EmitAsks();
        EmitOne(size, moves);
        _code.Lea(to, Address.At(to, size));
        if (moves)
            _code.Lea(from, Address.At(from, size));
        _code.Do(Alu.Subtract, count, 1);
        _code.Jump(next);

        _code.Bind(left);
        _code.Constant(HostRegister.Rcx, 1);
        _code.JumpShort(leave);
        _code.Bind(done);
        _code.Constant(HostRegister.Rcx, 0);
        _code.Bind(leave);
        if (!moves)
            _code.Pop(HostRegister.Rax);
        for (var i = RepeatScratch.Length - 1; i >= 0; i--)
            _code.Pop(RepeatScratch[i]);
        _code.PopFlags();
        _code.Return((ushort)(moves ? 16 : 8));

        // RBX, and for the source RDX: bytes that can go. R14, R15: the distances from linear to host addresses.
        void EmitRuns(HostLabel miss)
        {
            EmitRun(targetRequest, to, HostRegister.Rbx, HostRegister.R14, miss);
            if (moves)
                EmitRun(sourceRequest, from, HostRegister.Rdx, HostRegister.R15, miss);
        }

        // RCX, and for the source R15: the elements' host addresses. The source first: if both fault, it is the source that does.
        void EmitAsks()
        {
            if (moves)
            {
                EmitAsk(mode, writes: false, sourceRequest, from, left);
                _code.Move(HostRegister.R15, HostRegister.Rcx);
            }
            EmitAsk(mode, writes: true, targetRequest, to, left);
        }
    }

    /// <summary>Finds out how far the run around an address goes, by the slot of a request. RCX is lost.</summary>
    private void EmitRun(int request, HostRegister address, HostRegister bytes, HostRegister addend, HostLabel miss)
    {
        var slot = addend;
        _code.Load32(slot, Address.At(HostRegister.Rsp, request));
        _code.Do(Alu.And, slot, FillRequest.SlotMask, wide: false);
        _code.ShiftLeft(slot, 6);
        _code.Move(HostRegister.Rcx, address);
        _code.Do(Alu.Subtract, HostRegister.Rcx, Address.AreaAt(0, slot));
        _code.Load(bytes, Address.AreaAt(SiteSlot.LimitOffset, slot));
        _code.Do(Alu.Compare, HostRegister.Rcx, bytes);
        _code.Jump(Condition.AboveOrEqual, miss);
        _code.Do(Alu.Subtract, bytes, HostRegister.Rcx);
        _code.Lea(bytes, Address.At(bytes, SiteSlot.MarginOf(1)));
        _code.Load(addend, Address.AreaAt(SiteSlot.AddendOffset, slot));
    }

    /// <summary>Translates the address of one element into RCX.</summary>
    private void EmitAsk(int mode, bool writes, int request, HostRegister address, HostLabel left)
    {
        _code.Push(Address.At(HostRegister.Rsp, request));
        _code.Move(HostRegister.Rcx, address);
        _code.Call(Slow(mode, writes, keepsFlags: false));
        _code.Test(HostRegister.Rcx, HostRegister.Rcx);
        _code.Jump(Condition.Equal, left);
    }

    private void EmitHostRepeat(int size, bool moves)
    {
        _code.Byte(0xF3);
        EmitWidth(size);
        _code.Byte((byte)((moves ? 0xA4 : 0xAA) + (size == 1 ? 0 : 1)));
    }

    /// <summary>Stores RAX, or what is at R15, at RCX. RBX is lost.</summary>
    private void EmitOne(int size, bool moves)
    {
        if (moves)
        {
            EmitWidth(size, HostRegister.R15);
            _code.Bytes([(byte)(size == 1 ? 0x8A : 0x8B), 0x1F]); // mov rbx, [r15]
        }
        EmitWidth(size);
        _code.Bytes([(byte)(size == 1 ? 0x88 : 0x89), (byte)(moves ? 0x19 : 0x01)]); // mov [rcx], rbx or rax
    }

    /// <summary>Prefixes for an operand of some bytes, and for a base register.</summary>
    private void EmitWidth(int size, HostRegister @base = HostRegister.Rax)
    {
        if (size == 2)
            _code.Byte(0x66);
        var rex = (size == 8 ? 0x48 : 0x40) | (@base >= HostRegister.R8 ? 1 : 0);
        if (rex != 0x40)
            _code.Byte((byte)rex);
    }
}
