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
    /// <summary>Sizes of single accesses: 1 to 32 bytes.</summary>
    private const int Sizes = 6;

    private static readonly int[] s_groupSizes = [8, 32, 128];


    private readonly HostAssembler _code = new(64 * 1024);
    private readonly bool _hasAvx;
    private HostLabel _emptyJump;
    private readonly Dictionary<SlowKey, ulong> _slow = [];

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
        // The signal handler has stored the place of the fault; the registers are as they were there.
        EmitLeave(TranslatorFile.HostFaultExit);
        EmptyJump = Begin();
        _code.Bind(_emptyJump);
        EmitLeave(TranslatorFile.EmptyJumpExit);
        for (var mode = 0; mode < Area.TlbModes; mode++)
        {
            foreach (var writes in (bool[])[false, true])
            {
                foreach (var keepsFlags in (bool[])[false, true])
                {
                    for (var size = 0; size < Sizes; size++)
                        Add(new SlowKey(mode, 1 << size, writes, IsGroup: false, keepsFlags));
                    foreach (var size in s_groupSizes)
                        Add(new SlowKey(mode, size, writes, IsGroup: true, keepsFlags));
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

    /// <summary>Gives the vector registers and MXCSR to the guest. Leaves flags and general registers alone.</summary>
    public ulong LoadVectors { get; }

    /// <summary>Takes them back.</summary>
    public ulong SaveVectors { get; }

    /// <summary>
    /// Translates RCX, a linear address, for an access that its slot could not serve, and fills the slot. Called with the slot's
    /// place in the area pushed, which it removes; returns the host address in RCX, or zero where there is none. R14 and R15
    /// are kept.
    /// </summary>
    /// <param name="mode">The MMU mode's number.</param>
    /// <param name="size">Bytes: of an access 1 to 32, of a group 8, 32 or 128.</param>
    /// <param name="writes">For a store.</param>
    /// <param name="isGroup">For several accesses: it must have no effect that one of them alone would not have.</param>
    /// <param name="keepsFlags">The flags are kept.</param>
    public ulong Slow(int mode, int size, bool writes, bool isGroup, bool keepsFlags) => _slow[new SlowKey(mode, size, writes, isGroup, keepsFlags)];

    private void Add(SlowKey key)
    {
        _slow[key] = Begin();
        EmitSlow(key);
    }

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
        // The record of calls begins at the top of a window of 64 KiB, with an entry that leads out.
        _code.Lea(HostRegister.Rsp, Address.At(HostRegister.Rsp, -0x1_0000));
        _code.Do(Alu.Or, HostRegister.Rsp, 0xFFFF);
        _code.Lea(HostRegister.Rsp, Address.At(HostRegister.Rsp, -15));
        _code.Push(0);
        _emptyJump = _code.NewLabel();
        _code.LeaLabel(HostRegister.Rcx, _emptyJump);
        _code.Push(HostRegister.Rcx);
        _code.Store(Address.Area(Area.RecordBase), HostRegister.Rsp);
        _code.Move(HostRegister.Rcx, HostRegister.Rsi);
        _code.Push(Address.Area(Area.StatusFlags));
        _code.PopFlags();
        LoadRegisters();
        _code.Jump(HostRegister.Rcx);
    }

    // The return address points to the exit's number.
    private void EmitExit()
    {
        _code.Pop(HostRegister.Rcx);
        _code.Load32(HostRegister.Rcx, Address.At(HostRegister.Rcx));
        _code.Store32(Address.Area(Area.Exit), HostRegister.Rcx);
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

    private void EmitLeave(int exit)
    {
        _code.Call(Exit);
        _code.Int32(exit);
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

    private void EmitSlow(SlowKey key)
    {
        var miss = _code.NewLabel();
        var keepsFlags = key.KeepsFlags;
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
        _code.Lea(HostRegister.Rbx, Address.At(HostRegister.Rcx, key.Size - 1));
        _code.Do(Alu.And, HostRegister.Rbx, -4096);
        var entry = Area.TlbOf(key.Mode);
        // TranslationEntry: ReadTag, WriteTag, Addend, ReadStart, ReadLength, WriteStart, WriteLength.
        _code.Do(Alu.Compare, HostRegister.Rbx, Address.AreaAt(entry + (key.Writes ? 8 : 0), HostRegister.Rax));
        _code.Jump(Condition.NotEqual, miss);
        _code.Load32(HostRegister.Rdx, Address.At(HostRegister.Rsp, slot));
        FillSlot(entry, key.Writes);
        _code.Do(Alu.Add, HostRegister.Rcx, HostRegister.Rbx);
        PopScratch();
        Leave();

        _code.Bind(miss);
        PopScratch();
        SaveRegisters();
        _code.Load32(HostRegister.Rdx, Address.At(HostRegister.Rsp, keepsFlags ? 16 : 8));
        // With the flags the stack is no multiple of 16.
        if (keepsFlags)
            _code.Push(HostRegister.Rax);
        _code.Load(HostRegister.Rdi, Address.Area(Area.Owner));
        _code.Move(HostRegister.Rsi, HostRegister.Rcx);
        _code.ShiftLeft(HostRegister.Rdx, FillRequest.SlotShift);
        _code.Do(Alu.Or, HostRegister.Rdx, FillRequest.Encode(key.Size, key.Writes, key.IsGroup));
        CallKeepingVectors();
        _code.Move(HostRegister.Rcx, HostRegister.Rax);
        LoadRegisters();
        if (keepsFlags)
            _code.Lea(HostRegister.Rsp, Address.At(HostRegister.Rsp, 8));
        Leave();

        void PopScratch()
        {
            _code.Pop(HostRegister.Rbx);
            _code.Pop(HostRegister.Rdx);
            _code.Pop(HostRegister.Rax);
        }

        void Leave()
        {
            if (keepsFlags)
                _code.PopFlags();
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

    private readonly record struct SlowKey(int Mode, int Size, bool Writes, bool IsGroup, bool KeepsFlags);
}
