using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;
using Ringmaster.Host;

namespace Ringmaster.Cpu.Translator.Runtime;

/// <summary>
/// The routines that all generated code shares: how the runtime enters and how it is come back to, the second level of the
/// TLB, the exchange of the vector registers.
/// </summary>
/// <remarks>
/// Inside generated code RSP is a multiple of 16 and the frame below it belongs to <see cref="Enter"/>. All guest registers are
/// where <see cref="GuestRegisters"/> says and the host's arithmetic flags are the guest's.
/// </remarks>
internal sealed unsafe class RuntimeCode
{
    private const int Sizes = 6;

    private readonly HostAssembler _code = new(64 * 1024);
    private readonly bool _hasAvx;
    private readonly ulong[] _slow = new ulong[Area.TlbModes * 2 * 2 * Sizes];

    /// <param name="memory">Receives the routines, from its start.</param>
    /// <param name="setsGsBase">The host lets user code set the base of GS.</param>
    /// <param name="hasAvx">The host has AVX.</param>
    public RuntimeCode(CodeMemory memory, bool setsGsBase, bool hasAvx)
    {
        _hasAvx = hasAvx;
        _code.Start((ulong)memory.Executable);
        Enter = Begin();
        EmitEnter(setsGsBase);
        LoadVectors = Begin();
        EmitLoadVectors();
        SaveVectors = Begin();
        EmitSaveVectors();
        Exit = Begin();
        EmitExit();
        HostFault = Begin();
        EmitHostFault();
        EmptyJump = Begin();
        _code.Call(Exit);
        for (var mode = 0; mode < Area.TlbModes; mode++)
        {
            for (var size = 0; size < Sizes; size++)
            {
                foreach (var writes in (bool[])[false, true])
                {
                    foreach (var keepsFlags in (bool[])[false, true])
                    {
                        _slow[Index(mode, 1 << size, writes, keepsFlags)] = Begin();
                        EmitSlow(mode, 1 << size, writes, keepsFlags);
                    }
                }
            }
        }
        _code.Finish();
        _code.Code.CopyTo(new Span<byte>(memory.Writable, memory.Size));
    }

    /// <summary>Bytes of all routines.</summary>
    public int Length => _code.Length;

    /// <summary>void Enter(area, code): runs generated code until it leaves. C calling convention.</summary>
    public ulong Enter { get; }

    /// <summary>Generated code calls it to leave; the return address says where.</summary>
    public ulong Exit { get; }

    /// <summary>Where a host fault in generated code continues.</summary>
    public ulong HostFault { get; }

    /// <summary>What an empty entry of the jump cache leads to.</summary>
    public ulong EmptyJump { get; }

    /// <summary>The return address of the call in <see cref="EmptyJump"/>.</summary>
    public ulong EmptyJumpExit => EmptyJump + 5;

    /// <summary>Gives the vector registers and MXCSR to the guest. Leaves flags and general registers alone.</summary>
    public ulong LoadVectors { get; }

    /// <summary>Takes them back.</summary>
    public ulong SaveVectors { get; }

    /// <summary>
    /// Translates RCX, a linear address, for an access that its slot could not serve, and fills the slot. Called with the slot's
    /// place in the area pushed, which it removes; returns the host address in RCX. Where there is none, carry is set; the form
    /// that keeps the flags leaves instead, as if the call had been one of <see cref="Exit"/>.
    /// </summary>
    public ulong Slow(int mode, int size, bool writes, bool keepsFlags) => _slow[Index(mode, size, writes, keepsFlags)];

    private static int Index(int mode, int size, bool writes, bool keepsFlags) =>
        ((mode * Sizes + System.Numerics.BitOperations.Log2((uint)size)) * 2 + (writes ? 1 : 0)) * 2 + (keepsFlags ? 1 : 0);

    private ulong Begin()
    {
        _code.Align(16);
        return _code.Here;
    }

    private void EmitEnter(bool setsGsBase)
    {
        foreach (var register in CalleeSaved)
            _code.Push(register);
        _code.Do(Alu.Subtract, HostRegister.Rsp, 8);
        if (setsGsBase)
            _code.Bytes([0xF3, 0x48, 0x0F, 0xAE, 0xDF]); // wrgsbase rdi
        _code.Store(Address.Area(Area.HostStack), HostRegister.Rsp);
        _code.Move(HostRegister.Rcx, HostRegister.Rsi);
        _code.Push(Address.Area(Area.StatusFlags));
        _code.PopFlags();
        LoadRegisters();
        _code.Jump(HostRegister.Rcx);
    }

    private void EmitExit()
    {
        _code.Pop(Address.Area(Area.ExitAddress));
        _code.PushFlags();
        _code.Pop(Address.Area(Area.StatusFlags));
        SaveRegisters();
        var done = _code.NewLabel();
        _code.Do32(Alu.Compare, Address.Area(Area.HasVectors), 0);
        _code.JumpShort(Condition.Equal, done);
        _code.Call(SaveVectors);
        _code.Bind(done);
        _code.Load(HostRegister.Rsp, Address.Area(Area.HostStack));
        _code.Do(Alu.Add, HostRegister.Rsp, 8);
        for (var i = CalleeSaved.Length - 1; i >= 0; i--)
            _code.Pop(CalleeSaved[i]);
        _code.Return();
    }

    // The signal handler has stored the place of the fault; the registers are as they were there.
    private void EmitHostFault()
    {
        _code.Push(Address.Area(Area.FaultAddress));
        _code.Jump(Exit);
    }

    private void EmitLoadVectors()
    {
        _code.Memory(0x0FAE, (HostRegister)3, Address.Area(Area.HostMxcsr), wide: false); // stmxcsr
        _code.Memory(0x0FAE, (HostRegister)2, Address.Area(Area.Mxcsr), wide: false); // ldmxcsr
        for (var i = 0; i < 16; i++)
        {
            if (_hasAvx)
                _code.Vex256(0x10, i, Address.Area(Area.Vectors + i * 64));
            else
                _code.Memory(0x0F10, (HostRegister)i, Address.Area(Area.Vectors + i * 64), wide: false);
        }
        _code.Store32(Address.Area(Area.HasVectors), 1);
        _code.Return();
    }

    private void EmitSaveVectors()
    {
        _code.Memory(0x0FAE, (HostRegister)3, Address.Area(Area.Mxcsr), wide: false);
        _code.Memory(0x0FAE, (HostRegister)2, Address.Area(Area.HostMxcsr), wide: false);
        for (var i = 0; i < 16; i++)
        {
            if (_hasAvx)
                _code.Vex256(0x11, i, Address.Area(Area.Vectors + i * 64));
            else
                _code.Memory(0x0F11, (HostRegister)i, Address.Area(Area.Vectors + i * 64), wide: false);
        }
        if (_hasAvx)
            _code.Bytes([0xC5, 0xF8, 0x77]); // vzeroupper
        _code.Store32(Address.Area(Area.HasVectors), 0);
        _code.Return();
    }

    private void EmitSlow(int mode, int size, bool writes, bool keepsFlags)
    {
        var miss = _code.NewLabel();
        // On the stack: return address, slot.
        var slot = 8;
        if (keepsFlags)
        {
            _code.PushFlags();
            slot += 8;
        }
        _code.Push(HostRegister.Rax);
        _code.Push(HostRegister.Rdx);
        _code.Push(HostRegister.Rbx);
        slot += 24;
        _code.Move(HostRegister.Rax, HostRegister.Rcx);
        _code.ShiftRight(HostRegister.Rax, 12);
        _code.Do(Alu.And, HostRegister.Rax, Area.TlbEntries - 1, wide: false);
        _code.ShiftLeft(HostRegister.Rax, 6);
        _code.Lea(HostRegister.Rbx, Address.At(HostRegister.Rcx, size - 1));
        _code.Do(Alu.And, HostRegister.Rbx, -4096);
        var entry = Area.TlbOf(mode);
        // TranslationEntry: ReadTag, WriteTag, Addend, ReadStart, ReadLength, WriteStart, WriteLength.
        _code.Do(Alu.Compare, HostRegister.Rbx, Address.AreaAt(entry + (writes ? 8 : 0), HostRegister.Rax));
        _code.Jump(Condition.NotEqual, miss);
        _code.Load32(HostRegister.Rdx, Address.At(HostRegister.Rsp, slot));
        FillSlot(entry, writes);
        _code.Do(Alu.Add, HostRegister.Rcx, HostRegister.Rbx);
        Leave();

        _code.Bind(miss);
        _code.Pop(HostRegister.Rbx);
        _code.Pop(HostRegister.Rdx);
        _code.Pop(HostRegister.Rax);
        // The stack is a multiple of 16 here, but for the flags.
        SaveRegisters();
        _code.Load32(HostRegister.Rdx, Address.At(HostRegister.Rsp, keepsFlags ? 16 : 8));
        if (keepsFlags)
            _code.Push(HostRegister.Rax);
        _code.Load(HostRegister.Rdi, Address.Area(Area.Owner));
        _code.Move(HostRegister.Rsi, HostRegister.Rcx);
        // Which access: the slot's place above, the size and what is done below.
        _code.ShiftLeft(HostRegister.Rdx, 8);
        _code.Do(Alu.Or, HostRegister.Rdx, size | (writes ? 0x40 : 0), wide: false);
        CallKeepingVectors();
        _code.Move(HostRegister.Rcx, HostRegister.Rax);
        LoadRegisters();
        if (keepsFlags)
        {
            var found = _code.NewLabel();
            _code.Lea(HostRegister.Rsp, Address.At(HostRegister.Rsp, 8));
            _code.Test(HostRegister.Rcx, HostRegister.Rcx);
            _code.JumpShort(Condition.NotEqual, found);
            _code.PopFlags();
            _code.Jump(Exit);
            _code.Bind(found);
            _code.PopFlags();
        }
        else
        {
            // Carry if RCX is zero.
            _code.Do(Alu.Compare, HostRegister.Rcx, 1);
        }
        _code.Return(8);

        void Leave()
        {
            _code.Pop(HostRegister.Rbx);
            _code.Pop(HostRegister.Rdx);
            _code.Pop(HostRegister.Rax);
            if (keepsFlags)
                _code.PopFlags();
            else
                _code.Byte(0xF8); // clc
            _code.Return(8);
        }
    }

    /// <summary>Copies from the TLB entry at RAX to the slot at RDX; leaves the addend in RBX.</summary>
    private void FillSlot(int entry, bool writes)
    {
        var filled = _code.NewLabel();
        var start = entry + (writes ? 40 : 24);
        _code.Memory(0x83, (HostRegister)Alu.Compare, Address.AreaAt(8, HostRegister.Rdx), wide: true);
        _code.Byte(0);
        _code.JumpShort(Condition.NotEqual, filled);
        // Slots that hold something are listed, so that a flush need not look at all.
        _code.Load32(HostRegister.Rbx, Address.Area(Area.FilledSlots));
        _code.Memory(0x89, HostRegister.Rdx, Address.Area(Area.FillLog, HostRegister.Rbx, 2), wide: false);
        _code.Do(Alu.Add, HostRegister.Rbx, 1, wide: false);
        _code.Store32(Address.Area(Area.FilledSlots), HostRegister.Rbx);
        _code.Bind(filled);
        _code.Load(HostRegister.Rbx, Address.AreaAt(start, HostRegister.Rax));
        _code.Store(Address.AreaAt(0, HostRegister.Rdx), HostRegister.Rbx);
        _code.Do(Alu.Add, HostRegister.Rbx, Address.AreaAt(entry + 16, HostRegister.Rax));
        _code.Store(Address.AreaAt(32, HostRegister.Rdx), HostRegister.Rbx);
        _code.Load(HostRegister.Rbx, Address.AreaAt(start + 8, HostRegister.Rax));
        foreach (var (field, less) in ((int, int)[])[(8, 7), (16, 24), (24, 96)])
        {
            _code.Do(Alu.Subtract, HostRegister.Rbx, less);
            _code.Store(Address.AreaAt(field, HostRegister.Rdx), HostRegister.Rbx);
        }
        _code.Load(HostRegister.Rbx, Address.AreaAt(entry + 16, HostRegister.Rax));
        _code.Store(Address.AreaAt(40, HostRegister.Rdx), HostRegister.Rbx);
        _code.Load(HostRegister.Rax, Address.AreaAt(entry + 56, HostRegister.Rax));
        _code.Store(Address.AreaAt(56, HostRegister.Rdx), HostRegister.Rax);
        _code.Move(HostRegister.Rax, HostRegister.Rcx);
        _code.Do(Alu.And, HostRegister.Rax, -4096);
        _code.Not(HostRegister.Rax);
        _code.Do(Alu.Add, HostRegister.Rax, 1);
        _code.Store(Address.AreaAt(48, HostRegister.Rdx), HostRegister.Rax);
    }

    /// <summary>Calls the runtime to fill the TLB, with the guest's vectors out of its way.</summary>
    private void CallKeepingVectors()
    {
        HostLabel without = _code.NewLabel(), done = _code.NewLabel();
        _code.Do32(Alu.Compare, Address.Area(Area.HasVectors), 0);
        _code.JumpShort(Condition.Equal, without);
        _code.Call(SaveVectors);
        _code.Call(Address.Area(Area.FillCallback));
        _code.Call(LoadVectors);
        _code.JumpShort(done);
        _code.Bind(without);
        _code.Call(Address.Area(Area.FillCallback));
        _code.Bind(done);
    }

    private void SaveRegisters()
    {
        foreach (var (guest, host) in GuestRegisters.InHostRegisters)
            _code.Store(Address.Area(Area.Register(guest)), host);
    }

    private void LoadRegisters()
    {
        foreach (var (guest, host) in GuestRegisters.InHostRegisters)
            _code.Load(host, Address.Area(Area.Register(guest)));
    }

    private static ReadOnlySpan<HostRegister> CalleeSaved =>
        [HostRegister.Rbx, HostRegister.Rbp, HostRegister.R12, HostRegister.R13, HostRegister.R14, HostRegister.R15];
}
