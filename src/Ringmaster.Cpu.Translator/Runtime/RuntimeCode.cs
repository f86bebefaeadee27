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
internal sealed unsafe partial class RuntimeCode
{
    private readonly HostAssembler _code = new(64 * 1024);
    private readonly bool _hasAvx;
    private readonly HostLabel _ask;
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
        _ask = _code.NewLabel();
        EmitExit();
        InPlace = Begin();
        EmitInPlace();
        ReadTimeStamp = Begin();
        EmitReadTimeStamp();
        HostFault = Begin();
        // The signal handler has stored the place of the fault; the registers are as they were there.
        EmitLeave(TranslatorFile.HostFaultExit);
        EmptyJump = Begin();
        _code.Bind(_emptyJump);
        EmitLeave(TranslatorFile.EmptyJumpExit);
        DirectMiss = Begin();
        EmitDirectMiss(keepsFlags: false);
        DirectMissKeepingFlags = Begin();
        EmitDirectMiss(keepsFlags: true);
        for (var mode = 0; mode < Area.TlbModes; mode++)
        {
            foreach (var writes in (bool[])[false, true])
            {
                Add(new SlowKey(mode, writes, KeepsFlags: false));
                Add(new SlowKey(mode, writes, KeepsFlags: true));
            }
        }
        EmitRepeats();
        SystemCall = Begin();
        EmitSystemCall();
        SystemReturn = Begin();
        EmitSystemReturn();
        InterruptReturn = Begin();
        EmitInterruptReturn();
        _code.Finish();
        _code.Code.CopyTo(new Span<byte>(memory.Writable, memory.Size));
    }

    /// <summary>Bytes of all routines.</summary>
    public int Length => _code.Length;

    /// <summary>void Enter(area, code): runs generated code until it leaves. C calling convention.</summary>
    public ulong Enter { get; }

    /// <summary>
    /// Where generated code goes to leave, with the exit's number in RCX. It asks the runtime, which may know where to go on;
    /// only otherwise <see cref="Enter"/> returns.
    /// </summary>
    public ulong Exit { get; }

    /// <summary>Interprets one instruction, whose exit's number is in RCX, and comes back unless generated code cannot go on.</summary>
    public ulong InPlace { get; }

    /// <summary>Reads the guest's time-stamp counter into its EDX and EAX. The flags are kept; R14 and R15 of the host too.</summary>
    public ulong ReadTimeStamp { get; }

    /// <summary>Where a host fault in generated code continues.</summary>
    public ulong HostFault { get; }

    /// <summary>What an empty entry of the jump cache leads to.</summary>
    public ulong EmptyJump { get; }

    /// <summary>Gives the vector registers and MXCSR to the guest. Leaves the flags and all general registers but RCX alone.</summary>
    public ulong LoadVectors { get; }

    /// <summary>Takes them back.</summary>
    public ulong SaveVectors { get; }

    /// <summary>
    /// Translates RCX, a linear address, for an access that its slot could not serve, and fills the slot. Called with a
    /// <see cref="FillRequest"/> pushed, which it removes; returns the host address in RCX, or zero where there is none. R14 and
    /// R15 are kept.
    /// </summary>
    /// <param name="mode">The MMU mode's number.</param>
    /// <param name="writes">For a store.</param>
    /// <param name="keepsFlags">The flags are kept.</param>
    public ulong Slow(int mode, bool writes, bool keepsFlags) => _slow[new SlowKey(mode, writes, keepsFlags)];

    /// <summary>As <see cref="Slow"/>, for code that has asked the TLB itself. The flags are lost.</summary>
    public ulong DirectMiss { get; }

    /// <summary>As <see cref="DirectMiss"/>; the flags are kept.</summary>
    public ulong DirectMissKeepingFlags { get; }

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
        LoadFlags();
        LoadRegisters();
        _code.Jump(HostRegister.Rcx);
    }

    private void EmitExit()
    {
        var leave = _code.NewLabel();
        _code.Store32(Address.Area(Area.Exit), HostRegister.Rcx);
        SaveState();
        EmitVectorsAway();
        _code.Bind(_ask);
        // The record of calls is forgotten.
        _code.Load(HostRegister.Rsp, Address.Area(Area.RecordBase));
        _code.Load(HostRegister.Rdi, Address.Area(Area.Owner));
        _code.Load32(HostRegister.Rsi, Address.Area(Area.Exit));
        _code.Call(Address.Area(Area.ExitCallback));
        _code.Test(HostRegister.Rax, HostRegister.Rax);
        _code.Jump(Condition.Equal, leave);
        _code.Move(HostRegister.Rcx, HostRegister.Rax);
        LoadFlags();
        LoadRegisters();
        _code.Jump(HostRegister.Rcx);
        _code.Bind(leave);
        EmitReturnToRuntime();
    }

    private void EmitVectorsAway()
    {
        var done = _code.NewLabel();
        _code.Do32(Alu.Compare, Address.Area(Area.HasVectors), 0);
        _code.JumpShort(Condition.Equal, done);
        _code.Call(SaveVectors);
        _code.Bind(done);
    }

    private void EmitReturnToRuntime()
    {
        _code.Load(HostRegister.Rsp, Address.Area(Area.HostStack));
        _code.Do(Alu.Add, HostRegister.Rsp, 8);
        for (var i = CalleeSaved.Length - 1; i >= 0; i--)
            _code.Pop(CalleeSaved[i]);
        _code.Return();
    }

    private void EmitInPlace()
    {
        var leave = _code.NewLabel();
        SaveState();
        _code.Push(HostRegister.Rcx);
        EmitVectorsAway();
        _code.Load(HostRegister.Rsi, Address.At(HostRegister.Rsp));
        _code.Load(HostRegister.Rdi, Address.Area(Area.Owner));
        _code.Call(Address.Area(Area.InPlaceCallback));
        _code.Pop(HostRegister.Rcx);
        _code.Test(HostRegister.Rax, HostRegister.Rax, wide: false);
        _code.Jump(Condition.NotEqual, leave);
        LoadFlags();
        LoadRegisters();
        _code.Return();
        _code.Bind(leave);
        _code.Store32(Address.Area(Area.Exit), TranslatorFile.InPlaceExit);
        _code.Jump(_ask);
    }

    private void EmitReadTimeStamp()
    {
        SaveState();
        // The return address has made the stack no multiple of 16.
        _code.Push(HostRegister.Rcx);
        EmitVectorsAway();
        _code.Load(HostRegister.Rdi, Address.Area(Area.Owner));
        _code.Call(Address.Area(Area.TimeStampCallback));
        _code.Lea(HostRegister.Rsp, Address.At(HostRegister.Rsp, 8));
        _code.Move(HostRegister.Rcx, HostRegister.Rax);
        LoadFlags();
        LoadRegisters();
        // Both halves clear what is above them, and no flag changes.
        _code.Move32(HostRegister.Rax, HostRegister.Rcx);
        _code.Bytes([0xC4, 0xE3, 0xFB, 0xF0, 0xD1, 0x20]); // rorx rdx, rcx, 32
        _code.Move32(HostRegister.Rdx, HostRegister.Rdx);
        _code.Return();
    }

    /// <summary>Takes the arithmetic flags from the area. RAX and RDX are lost. POPF would be several times slower.</summary>
    private void LoadFlags()
    {
        _code.Load32(HostRegister.Rax, Address.Area(Area.StatusFlags));
        // OF into AL's bit 0, from where adding 127 makes it an overflow; the others into AH.
        _code.Move32(HostRegister.Rdx, HostRegister.Rax);
        _code.ShiftLeft(HostRegister.Rax, 8);
        _code.ShiftRight(HostRegister.Rdx, 11);
        _code.Do(Alu.And, HostRegister.Rdx, 1, wide: false);
        _code.Do(Alu.And, HostRegister.Rax, 0xFF00, wide: false);
        _code.Do(Alu.Or, HostRegister.Rax, HostRegister.Rdx);
        StatusFromRax();
    }

    /// <summary>Takes OF from AL's bit 0 and the other arithmetic flags from AH.</summary>
    private void StatusFromRax() => _code.Bytes([0x04, 0x7F, 0x9E]); // add al, 127; sahf

    private void EmitLeave(int exit)
    {
        _code.Constant(HostRegister.Rcx, (uint)exit);
        _code.Jump(Exit);
    }

    private void EmitLoadVectors()
    {
        _code.Memory(0x0FAE, (HostRegister)3, Address.Area(Area.HostMxcsr), wide: false); // stmxcsr
        _code.Memory(0x0FAE, (HostRegister)2, Address.Area(Area.Mxcsr), wide: false); // ldmxcsr
        _code.Store32(Address.Area(Area.HasVectors), 1);
        if (_hasAvx)
            EmitLoadAvx();
        else
            LoadVectorsAs(static (code, i, from) => code.Memory(0x0F10, (HostRegister)i, from, wide: false));
    }

    /// <summary>
    /// Loads the upper halves only if there is something in them: as long as the processor knows them to be zero, SSE
    /// instructions need not merge them into their results, which costs several times their own time.
    /// </summary>
    private void EmitLoadAvx()
    {
        var dirty = _code.NewLabel();
        _code.Vex(false, 0x10, 0, Address.Area(Area.Vectors + 16)); // vmovups
        for (var i = 1; i < 16; i++)
            _code.Vex(false, 0x56, 0, Address.Area(Area.Vectors + i * 64 + 16), source: 0); // vorps
        _code.Bytes([0xC5, 0xF9, 0x6D, 0xC8]); // vpunpckhqdq xmm1, xmm0, xmm0
        _code.Bytes([0xC5, 0xF9, 0xEB, 0xC1]); // vpor xmm0, xmm0, xmm1
        _code.Bytes([0xC4, 0xE1, 0xF9, 0x7E, 0xC1]); // vmovq rcx, xmm0
        _code.JumpUnlessRcxZero(dirty);
        _code.Bytes([0xC5, 0xF8, 0x77]); // vzeroupper
        LoadVectorsAs(static (code, i, from) => code.Vex(false, 0x10, i, from));
        _code.Bind(dirty);
        LoadVectorsAs(static (code, i, from) => code.Vex(true, 0x10, i, from));
    }

    private void LoadVectorsAs(Action<HostAssembler, int, Address> load)
    {
        for (var i = 0; i < 16; i++)
            load(_code, i, Address.Area(Area.Vectors + i * 64));
        _code.Return();
    }

    private void EmitSaveVectors()
    {
        _code.Memory(0x0FAE, (HostRegister)3, Address.Area(Area.Mxcsr), wide: false);
        _code.Memory(0x0FAE, (HostRegister)2, Address.Area(Area.HostMxcsr), wide: false);
        for (var i = 0; i < 16; i++)
        {
            if (_hasAvx)
                _code.Vex(true, 0x11, i, Address.Area(Area.Vectors + i * 64));
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
        HostLabel miss = _code.NewLabel(), apart = _code.NewLabel();
        var keepsFlags = key.KeepsFlags;
        // On the stack: return address, request.
        var request = 8;
        if (keepsFlags)
        {
            PushStatus();
            request += 16;
        }
        foreach (var register in SlowScratch)
            _code.Push(register);
        _code.Load32(HostRegister.Rdx, Address.At(HostRegister.Rsp, request + 8 * SlowScratch.Length));
        _code.Move(HostRegister.Rax, HostRegister.Rcx);
        _code.ShiftRight(HostRegister.Rax, 12);
        _code.Do(Alu.And, HostRegister.Rax, Area.TlbEntries - 1, wide: false);
        _code.ShiftLeft(HostRegister.Rax, 6);
        _code.Move(HostRegister.Rbx, HostRegister.Rcx);
        _code.Do(Alu.And, HostRegister.Rbx, -4096);
        var entry = Area.TlbOf(key.Mode);
        _code.Do(Alu.Compare, HostRegister.Rbx, Address.AreaAt(entry + (key.Writes ? TranslationEntry.WriteTagOffset : 0), HostRegister.Rax));
        _code.Jump(Condition.NotEqual, miss);
        FillSlot(entry, key.Writes, request + 8 * SlowScratch.Length, miss, apart);
        _code.Do(Alu.Add, HostRegister.Rcx, Address.AreaAt(entry + TranslationEntry.AddendOffset, HostRegister.Rax));
        PopScratch();
        Leave();

        // It reaches out of the run: not all of it lies in one piece.
        _code.Bind(apart);
        if (!key.Writes)
        {
            // One that takes a copy gets one.
            _code.Load32(HostRegister.Rdx, Address.At(HostRegister.Rsp, request + 8 * SlowScratch.Length));
            _code.Do(Alu.And, HostRegister.Rdx, FillRequest.FaultBit, wide: false);
            _code.Jump(Condition.NotEqual, miss);
        }
        PopScratch();
        _code.Constant(HostRegister.Rcx, 0);
        Leave();

        _code.Bind(miss);
        PopScratch();
        EmitFill(request);
        Leave();

        void PopScratch()
        {
            for (var i = SlowScratch.Length - 1; i >= 0; i--)
                _code.Pop(SlowScratch[i]);
        }

        void Leave()
        {
            if (keepsFlags)
                PopStatus();
            _code.Return(8);
        }
    }

    /// <summary>Puts RAX and the arithmetic flags on the stack. PUSHF and POPF would take several times longer.</summary>
    private void PushStatus()
    {
        _code.Push(HostRegister.Rax);
        _code.Bytes([0x9F, 0x0F, 0x90, 0xC0]); // lahf; seto al
        _code.Push(HostRegister.Rax);
        _code.Load(HostRegister.Rax, Address.At(HostRegister.Rsp, 8));
    }

    private void PopStatus()
    {
        _code.Pop(HostRegister.Rax);
        StatusFromRax();
        _code.Pop(HostRegister.Rax);
    }

    /// <summary>As <see cref="EmitSlow"/> for code that has asked the TLB itself.</summary>
    private void EmitDirectMiss(bool keepsFlags)
    {
        if (keepsFlags)
            PushStatus();
        EmitFill(keepsFlags ? 24 : 8);
        if (keepsFlags)
            PopStatus();
        _code.Return(8);
    }

    /// <summary>Has the runtime translate RCX.</summary>
    private void EmitFill(int request)
    {
        SaveRegisters();
        _code.Load32(HostRegister.Rdx, Address.At(HostRegister.Rsp, request));
        _code.Load(HostRegister.Rdi, Address.Area(Area.Owner));
        _code.Move(HostRegister.Rsi, HostRegister.Rcx);
        CallKeepingVectors();
        _code.Move(HostRegister.Rcx, HostRegister.Rax);
        LoadRegisters();
    }

    private static ReadOnlySpan<HostRegister> SlowScratch =>
        [HostRegister.Rax, HostRegister.Rdx, HostRegister.Rbx, HostRegister.Rsi, HostRegister.Rdi, HostRegister.R8, HostRegister.R9];

    /// <summary>
    /// Copies from the TLB entry at RAX to the slot of the request in EDX, for the linear address in RCX: what
    /// <see cref="SiteSlot.TryCover"/> does.
    /// </summary>
    private void FillSlot(int entry, bool writes, int request, HostLabel miss, HostLabel apart)
    {
        HostLabel listed = _code.NewLabel(), done = _code.NewLabel(), inside = _code.NewLabel();
        // The run's start, and behind it its length.
        var run = entry + (writes ? TranslationEntry.WriteStartOffset : TranslationEntry.ReadStartOffset);
        HostRegister start = HostRegister.Rbx, limit = HostRegister.Rdi, slot = HostRegister.Rdx;
        _code.Move(HostRegister.Rsi, HostRegister.Rdx);
        _code.ShiftRight(HostRegister.Rsi, FillRequest.MarginShift);
        _code.Do(Alu.And, HostRegister.Rsi, FillRequest.MarginMask, wide: false);
        _code.Lea(HostRegister.Rsi, new Address(HostRegister.None, HostRegister.Rsi, 2, 3, false));
        _code.Do(Alu.And, slot, FillRequest.SlotMask, wide: false);
        _code.ShiftLeft(slot, 6);
        _code.Load(start, Address.AreaAt(run, HostRegister.Rax));
        _code.Load(limit, Address.AreaAt(run + 8, HostRegister.Rax));
        _code.Do(Alu.Subtract, limit, HostRegister.Rsi);
        var offset = HostRegister.Rsi;
        _code.Move(offset, HostRegister.Rcx);
        _code.Do(Alu.Subtract, offset, start);
        _code.Do(Alu.Compare, offset, limit);
        _code.Jump(Condition.Below, inside);
        // In the run's last bytes the slot would not serve it.
        _code.Load32(HostRegister.R8, Address.At(HostRegister.Rsp, request));
        _code.ShiftRight(HostRegister.R8, FillRequest.SizeShift);
        _code.Do(Alu.Add, HostRegister.R8, offset);
        _code.Do(Alu.Compare, HostRegister.R8, Address.AreaAt(run + 8, HostRegister.Rax));
        _code.Jump(Condition.AboveOrEqual, apart);
        _code.Jump(done);
        _code.Bind(inside);

        // One that misses again and again is for the runtime to look at.
        _code.Do32(Alu.Add, Address.AreaAt(SiteSlot.MissesOffset, slot), 1);
        _code.Jump(Condition.Equal, miss);

        // Slots that hold something are listed, so that a flush need not look at all.
        _code.Load32(HostRegister.R8, Address.AreaAt(SiteSlot.LogIndexOffset, slot));
        _code.Memory(0x83, (HostRegister)Alu.Compare, Address.AreaAt(SiteSlot.LimitOffset, slot), wide: true);
        _code.Byte(0);
        _code.JumpShort(Condition.NotEqual, listed);
        _code.Load32(HostRegister.R8, Address.Area(Area.FilledSlots));
        _code.Store32(Address.AreaAt(SiteSlot.LogIndexOffset, slot), HostRegister.R8);
        _code.Memory(0x89, slot, Address.Area(Area.FillLog, HostRegister.R8, 2), wide: false);
        _code.Do32(Alu.Add, Address.Area(Area.FilledSlots), 1);
        _code.Bind(listed);
        _code.Move(HostRegister.R9, HostRegister.Rcx);
        _code.ShiftRight(HostRegister.R9, SoftTlb.VicinityShift);
        _code.Do32(Alu.Add, HostRegister.R9, HostRegister.R9);
        _code.Do32(Alu.Or, HostRegister.R9, Address.AreaAt(entry + TranslationEntry.PropertiesOffset, HostRegister.Rax));
        _code.RotateRight32(HostRegister.R9, 1);
        _code.Memory(0x89, HostRegister.R9, Address.Area(Area.Vicinities, HostRegister.R8, 2), wide: false);

        _code.Store(Address.AreaAt(0, slot), start);
        _code.Store(Address.AreaAt(SiteSlot.LimitOffset, slot), limit);
        // The mask, as minus the window's size.
        HostRegister mask = HostRegister.R9, window = HostRegister.R8;
        _code.BitScanReverse(window, limit);
        _code.Constant(mask, ulong.MaxValue);
        _code.ShiftLeft(mask, mask, window);
        _code.Store(Address.AreaAt(SiteSlot.WindowMaskOffset, slot), mask);
        // Half of it before the address, as far as the run goes.
        _code.Move(window, mask);
        _code.ShiftRightSigned(window, 1, wide: true);
        _code.Do(Alu.Add, window, offset);
        _code.Constant(offset, 0);
        _code.Test(window, window);
        _code.MoveIf(Condition.Sign, window, offset);
        _code.Do(Alu.Add, limit, mask);
        _code.Do(Alu.Compare, window, limit);
        _code.MoveIf(Condition.Greater, window, limit);
        _code.Do(Alu.Add, window, start);
        _code.Negate(window);
        _code.Store(Address.AreaAt(SiteSlot.NegatedWindowOffset, slot), window);
        _code.Load(HostRegister.R8, Address.AreaAt(entry + TranslationEntry.AddendOffset, HostRegister.Rax));
        _code.Store(Address.AreaAt(SiteSlot.AddendOffset, slot), HostRegister.R8);
        _code.Do(Alu.Add, start, HostRegister.R8);
        _code.Store(Address.AreaAt(SiteSlot.HostOffset, slot), start);
        _code.Load(HostRegister.R8, Address.AreaAt(entry + TranslationEntry.PropertiesOffset, HostRegister.Rax));
        _code.Store(Address.AreaAt(SiteSlot.PropertiesOffset, slot), HostRegister.R8);
        _code.Bind(done);
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

    /// <summary>Stores the guest's flags and registers, all but the vectors.</summary>
    private void SaveState()
    {
        _code.PushFlags();
        _code.Pop(Address.Area(Area.StatusFlags));
        SaveRegisters();
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

    private readonly record struct SlowKey(int Mode, bool Writes, bool KeepsFlags);
}
