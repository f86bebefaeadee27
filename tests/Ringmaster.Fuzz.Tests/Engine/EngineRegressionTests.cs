using Iced.Intel;
using Ringmaster.Cpu.Exits;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>What review and fuzzing have found in the engines.</summary>
public abstract class EngineRegressionTests(string engine) : IDisposable
{
    private readonly TinyGuest _guest = new(engine);

    [Fact]
    public void A_store_into_the_branch_that_follows_it_does_not_lose_the_way()
    {
        // A block's branch is linked by the first rounds; then the block's own store drops the block, and the branch with it.
        const ushort store = 0x8000, next = 0x8040, table = 0x9100;
        _guest.EnterReal(next);
        _guest.State.Registers[6] = table;
        _guest.Assemble(16, store, c =>
        {
            c.mov(__byte_ptr[di], 0x42);
            c.jmp(next);
        });
        _guest.Assemble(16, next, c =>
        {
            var end = c.CreateLabel();
            c.lodsw();
            c.test(ax, ax);
            c.je(end);
            c.inc(bx);
            c.mov(di, ax);
            c.jmp(store);
            c.Label(ref end);
            c.hlt();
        });
        _guest.Write(table, 0x00, 0x90, 0x00, 0x90, 0x00, 0x90, 0x02, 0x80, 0x00, 0x90, 0x02, 0x80, 0x00, 0x90, 0x00, 0x00);

        Assert.Equal(VmExitKind.Halt, _guest.Run().Kind);
        Assert.Equal(7u, (ushort)_guest.State.Registers[3]);
    }

    [Fact]
    public void A_string_that_overwrites_code_ahead_of_it_is_one_instruction()
    {
        // As a kernel's memcpy does that is patched by itself.
        _guest.EnterFlat(0x8000);
        (_guest.State.Registers[1], _guest.State.Registers[6], _guest.State.Registers[7]) = (5, 0x9000, 0x8000);
        _guest.Assemble(32, 0x8000, c =>
        {
            c.nop(__dword_ptr[eax + eax]);
            c.inc(ebx);
            c.rep.movsb();
            c.hlt();
        });
        _guest.Write(0x9000, 0x40, 0x40, 0x40, 0x40, 0x40);

        Assert.Equal(VmExitKind.Halt, _guest.Run().Kind);
        Assert.Equal((0UL, 0x8005UL, 1UL), (_guest.State.Registers[1], _guest.State.Registers[7], _guest.State.Registers[3]));
        Assert.Equal(4, _guest.Vcpu.InstructionCount);
    }

    [Fact]
    public void Settling_completes_one_repetition_and_not_all_of_them()
    {
        _guest.EnterReal(0x8000);
        _guest.State.Registers[1] = 0xFFFF;
        _guest.Assemble(16, 0x8000, c => c.rep.outsb());

        Assert.Equal(VmExitKind.PortWrite, _guest.Run().Kind);
        Assert.Null(_guest.Vcpu.Settle(ExitAnswer.Done));
        _guest.Vcpu.Export(_guest.State);
        Assert.Equal((0xFFFEUL, 0x8000UL), (_guest.State.Registers[1], _guest.State.Rip));
    }

    [Fact]
    public void Settling_leaves_a_long_repetition_in_RAM_as_soon_as_its_answer_is_used()
    {
        // The first element comes from a device behind RAM, the many others from RAM.
        MapPages(0x2000);
        _guest.EnterLong(0x8000, 0x2000);
        (_guest.State.Registers[1], _guest.State.Registers[6], _guest.State.Registers[7]) = (0x8_0000, 0x10_0000, 0x9000);
        _guest.Assemble(64, 0x8000, c =>
        {
            c.std();
            c.rep.lodsb();
        });

        var exit = _guest.Run();
        Assert.Equal(VmExitKind.MmioRead, exit.Kind);
        Assert.Null(_guest.Vcpu.Settle(ExitAnswer.Value(1)));
        _guest.Vcpu.Export(_guest.State);
        Assert.Equal(0x7_FFFFUL, _guest.State.Registers[1]);
    }

    [Fact]
    public void Code_that_runs_out_of_the_canonical_half_faults()
    {
        MapPages(0x2000);
        // The last page below the hole and the first one above it, as if the address wrapped.
        _guest.WriteEntry(0x2000 + 255 * 8, 0x4007);
        _guest.WriteEntry(0x2000 + 256 * 8, 0x3007);
        _guest.WriteEntry(0x4000 + 511 * 8, 0x5007);
        _guest.WriteEntry(0x5000 + 511 * 8, 0x6007);
        _guest.WriteEntry(0x6000 + 511 * 8, 0x9007);
        _guest.Write(0x9FFE, 0xB8, 0x11);
        _guest.EnterLong(0x0000_7FFF_FFFF_FFFE, 0x2000);

        Assert.Equal(VmExitKind.Shutdown, _guest.Run().Kind);
    }

    [Fact]
    public void An_instruction_that_goes_on_in_its_own_page_is_read_anew_when_it_changes()
    {
        MapPages(0x2000);
        // Linear 0 and 1000h of the second gigabyte are the same page, so that its last bytes run into its first ones.
        _guest.WriteEntry(0x3000 + 8, 0x4007);
        _guest.WriteEntry(0x4000, 0x5007);
        _guest.WriteEntry(0x5000, 0x9007);
        _guest.WriteEntry(0x5000 + 8, 0x9007);
        _guest.Write(0x9FFE, 0xB8, 0x11);
        _guest.Write(0x9000, 0x22, 0x33, 0x44, 0xC3);
        _guest.Assemble(64, 0x8000, c =>
        {
            c.mov(rdx, 0x4000_0FFEUL);
            c.mov(ecx, 3);
            var again = c.CreateLabel();
            c.Label(ref again);
            c.call(rdx);
            c.mov(ebx, eax);
            c.inc(__byte_ptr[0x9000]);
            c.dec(ecx);
            c.jne(again);
            c.hlt();
        });
        _guest.EnterLong(0x8000, 0x2000);

        Assert.Equal(VmExitKind.Halt, _guest.Run().Kind);
        Assert.Equal(0x4433_2411u, _guest.State.Registers[3]);
    }

    [Fact]
    public void A_shorter_code_segment_is_obeyed_although_the_code_was_met_through_a_longer_one()
    {
        _guest.EnterFlat(0x8000);
        _guest.State.Gdtr = new(0x9000, 0x1F);
        _guest.WriteEntry(0x9008, Descriptors.Segment(0, 0xF_FFFF, 0x9B, 0xC));
        _guest.WriteEntry(0x9010, Descriptors.Segment(0, 0x8103, 0x9B, 0x4));
        _guest.Assemble(32, 0x8000, c =>
        {
            c.call(0x8100UL);
            // JMP 10h:8020h
            c.db(0xEA, 0x20, 0x80, 0x00, 0x00, 0x10, 0x00);
        });
        _guest.Assemble(32, 0x8020, c =>
        {
            c.call(0x8100UL);
            c.hlt();
        });
        _guest.Write(0x8100, 0x40, 0x90, 0x90, 0x90, 0x90, 0xC3);

        Assert.Equal(VmExitKind.Shutdown, _guest.Run().Kind);
        Assert.Equal(2u, _guest.State.Registers[0]);
    }

    [Fact]
    public void Code_that_a_device_overwrites_while_it_runs_is_never_executed_as_it_was()
    {
        const uint function = 0x9000, result = 0xA000;
        _guest.EnterFlat(0x8000);
        _guest.Assemble(32, 0x8000, c =>
        {
            c.call(function);
            c.mov(__dword_ptr[result], eax);
            c.jmp(0x8000UL);
        });
        // MOV EAX, imm32; RET: the number is what the device writes.
        _guest.Write(function, 0xB8, 0, 0, 0, 0, 0xC3);
        uint missed = 0;
        var device = new Thread(() =>
        {
            for (var value = 2u; value < 4000 && missed == 0; value += 2)
            {
                _guest.DeviceWrites(function + 1, value - 1);
                _guest.DeviceWrites(function + 1, value);
                if (!SpinWait.SpinUntil(() => _guest.Read(result) == value, 2000))
                    missed = value;
            }
            _guest.Vcpu.Kick();
        });
        _guest.Vcpu.Import(_guest.State);

        device.Start();
        var exit = _guest.Vcpu.Run(ExitAnswer.Done);
        device.Join();

        Assert.Equal((VmExitKind.Kicked, 0u), (exit.Kind, missed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_repetition_that_overwrites_itself_goes_on_as_what_it_has_written(bool isStepped)
    {
        const uint repetition = 0x8000, times = 0x3000;
        _guest.EnterFlat(repetition);
        // The first store makes the second byte of REP STOSB a NOP's; together with the prefix that is PAUSE.
        (_guest.State.Registers[0], _guest.State.Registers[1], _guest.State.Registers[7]) = (0x90, times, repetition + 1);
        _guest.State.Rflags |= 0x400;
        if (isStepped)
            (_guest.State.Dr0, _guest.State.Dr7) = (0x5000, 0x402);
        _guest.Assemble(32, repetition, c =>
        {
            c.rep.stosb();
            c.hlt();
        });

        Assert.Equal(VmExitKind.Halt, _guest.Run().Kind);
        Assert.Equal(times - 1UL, _guest.State.Registers[1]);
    }

    [Fact]
    public void Code_in_a_page_table_is_read_anew_when_a_walk_marks_the_entry()
    {
        // MOV AL, imm8; RET: the entry of the page at 20000h begins with the number, which its accessed and dirty bits are part of.
        const ulong page = 0x2_0000, entry = 0xB100, function = entry - 1;
        MapPages(0x2000);
        _guest.Write(function, 0xB0);
        _guest.WriteEntry(entry, 0xC307);
        _guest.Assemble(64, 0x8000, c =>
        {
            c.call(function);
            c.mov(bl, al);
            c.mov(cl, __byte_ptr[page]);
            c.call(function);
            c.mov(bh, al);
            c.mov(__byte_ptr[page], cl);
            c.call(function);
            c.hlt();
        });
        _guest.EnterLong(0x8000, 0x2000);

        Assert.Equal(VmExitKind.Halt, _guest.Run().Kind);
        Assert.Equal((0x2707UL, 0x67UL), (_guest.State.Registers[3] & 0xFFFF, _guest.State.Registers[0] & 0xFF));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_instruction_that_waits_for_an_answer_is_completed_although_a_device_overwrites_it(bool isStepped)
    {
        _guest.EnterFlat(0x8000);
        if (isStepped)
            (_guest.State.Dr0, _guest.State.Dr7) = (0x5000, 0x402);
        _guest.Assemble(32, 0x8000, c =>
        {
            c.mov(edx, 0x60);
            c.@in(al, dx);
            c.inc(ebx);
            c.hlt();
        });
        Assert.Equal(VmExitKind.PortRead, _guest.Run().Kind);
        // INC EBX; INC EBX; HLT
        _guest.DeviceWrites(0x8005, 0x00F4_4343);

        Assert.Equal(VmExitKind.Halt, _guest.Vcpu.Run(ExitAnswer.Value(0x42)).Kind);
        _guest.Vcpu.Export(_guest.State);
        Assert.Equal((0x42UL, 1UL), (_guest.State.Registers[0] & 0xFF, _guest.State.Registers[3]));
    }

    [Fact]
    public void A_store_that_reaches_from_its_own_block_into_a_device_is_carried_out_once()
    {
        // The lower half replaces the jump at the end of RAM, and so drops the block; the upper half goes to what follows RAM.
        const uint store = 0xF_FFF0, jump = 0xF_FFFE;
        _guest.EnterFlat(store);
        (_guest.State.Registers[0], _guest.State.Registers[7]) = (0x1234_F4F4, jump);
        _guest.Write(store, 0x89, 0x07);
        _guest.Write(store + 2, [.. Enumerable.Repeat<byte>(0x90, 12)]);
        _guest.Write(jump, 0xEB, 0xF0);

        var exit = _guest.Run();
        Assert.Equal(VmExit.MmioWrite(new(0x10_0000), 2, 0x1234), exit);
        Assert.Equal(VmExitKind.Halt, _guest.Vcpu.Run(ExitAnswer.Done).Kind);
    }

    [Fact]
    public void What_a_store_into_its_own_block_cuts_off_is_not_counted()
    {
        const uint store = 0x8000;
        _guest.EnterFlat(store);
        (_guest.State.Registers[0], _guest.State.Registers[7]) = (0x90, store + 4);
        // MOV [EDI], AL, over the second of the NOPs behind it; then HLT.
        _guest.Write(store, 0x88, 0x07, 0x90, 0x90, 0x90, 0xF4);

        Assert.Equal(VmExitKind.Halt, _guest.Run().Kind);

        Assert.Equal(5, _guest.Vcpu.InstructionCount);
    }

    [Theory]
    [MemberData(nameof(EarlierFailures.Seeds), MemberType = typeof(EarlierFailures))]
    public void A_seed_that_once_failed_passes(ulong seed, bool coherent)
    {
        using var fuzz = new EngineFuzz(FuzzEngine.Create(engine));

        fuzz.Run(seed, coherent);

        Assert.True(fuzz.Exits > 0);
    }

    public void Dispose()
    {
        _guest.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Four-level tables at 2000h to 6000h and B000h: the first megabytes onto themselves in 4 KiB pages.</summary>
    private void MapPages(ulong root)
    {
        _guest.WriteEntry(root, 0x3007);
        _guest.WriteEntry(0x3000, 0xA007);
        _guest.WriteEntry(0xA000, 0xB007);
        for (var i = 0; i < 512; i++)
            _guest.WriteEntry(0xB000 + (ulong)i * 8, ((ulong)i << 12) | 7);
    }
}
