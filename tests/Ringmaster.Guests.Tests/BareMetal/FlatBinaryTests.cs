using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Guests.Tests.BareMetal;

public abstract class FlatBinaryTests(EngineChoice engine)
{
    private const ulong BootSector = 0x7C00, OneMebibyte = 0x10_0000;

    [Theory]
    [InlineData(0x500)]
    [InlineData(BootSector)]
    [InlineData(0x2_0000)]
    public void A_real_mode_program_prints_on_the_serial_port(ulong load)
    {
        var program = Assembled.Code(16, load & 0xFFFF, a =>
        {
            a.Print("real mode");
            a.Exit(0);
        });

        var (outcome, log) = BareMachine.Run(program, engine, load);

        Assert.Equal((new RunOutcome.DebugExit(1), "real mode"), (outcome, log));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 3)]
    [InlineData(0x2A, 0x55)]
    [InlineData(0x7F, 0xFF)]
    [InlineData(0x80, 1)]
    public void The_debug_exit_value_becomes_the_exit_code(byte value, int code)
    {
        var (outcome, _) = BareMachine.Run(Assembled.Code(32, OneMebibyte, a => a.Exit(value)), engine, OneMebibyte);

        Assert.Equal(new RunOutcome.DebugExit(code), outcome);
    }

    [Fact]
    public void A_triple_fault_ends_the_run_with_a_report()
    {
        // Without an interrupt table the first fault cannot be delivered, nor can the double fault.
        var program = Assembled.Code(32, OneMebibyte, a =>
        {
            a.mov(esp, 0x20_0000);
            a.push(0);
            a.push(0);
            a.lidt(__[esp]);
            a.mov(eax, 0x1234_5678);
            a.ud2();
        });

        var (outcome, _) = BareMachine.Run(program, engine, OneMebibyte);

        var report = Assert.IsType<RunOutcome.Crashed>(outcome).Report;
        Assert.Contains("triple fault", report, StringComparison.Ordinal);
        Assert.Contains("32-bit protected mode", report, StringComparison.Ordinal);
        Assert.Contains("0000000012345678", report, StringComparison.Ordinal);
        Assert.Contains("<0f> 0b", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x64, 0xFE)] // keyboard controller: pulse the reset line
    [InlineData(0xCF9, 0x06)] // reset control register: hard reset
    [InlineData(0x92, 0x01)] // system control port A: fast reset
    public void Each_way_of_reset_starts_the_program_again(ushort port, byte value)
    {
        // CMOS RAM keeps its battery-backed cells over a reset: the second run finds the first one's mark.
        const byte cell = 0x40, mark = 0x5A;
        var program = Assembled.Code(16, BootSector, a =>
        {
            var again = a.CreateLabel();
            a.mov(al, cell);
            a.@out(0x70, al);
            a.@in(al, 0x71);
            a.cmp(al, mark);
            a.je(again);
            a.Print("first ");
            a.mov(al, cell);
            a.@out(0x70, al);
            a.mov(al, mark);
            a.@out(0x71, al);
            a.mov(dx, port);
            a.mov(al, unchecked((sbyte)value));
            a.@out(dx, al);
            var forever = a.CreateLabel();
            a.Label(ref forever);
            a.jmp(forever);
            a.Label(ref again);
            a.Print("second");
            a.Exit(5);
        });

        var (outcome, log) = BareMachine.Run(program, engine, BootSector);

        Assert.Equal((new RunOutcome.DebugExit(11), "first second"), (outcome, log));
    }

    [Fact]
    public void An_INIT_that_the_processor_sends_itself_starts_the_program_again()
    {
        // The interrupt command register's halves: destination 0, then INIT, asserted (SDM 3A 11.6.1).
        const uint high = 0xFEE0_0310, low = 0xFEE0_0300, init = 0x4500;
        const sbyte cell = 0x40, mark = 0x5A;
        var program = Assembled.Code(32, OneMebibyte, a =>
        {
            var again = a.CreateLabel();
            a.mov(al, cell);
            a.@out(0x70, al);
            a.@in(al, 0x71);
            a.cmp(al, mark);
            a.je(again);
            a.mov(al, mark);
            a.@out(0x71, al);
            a.mov(ebx, high);
            a.mov(__dword_ptr[ebx], 0);
            a.mov(ebx, low);
            a.mov(__dword_ptr[ebx], init);
            var forever = a.CreateLabel();
            a.Label(ref forever);
            a.jmp(forever);
            a.Label(ref again);
            a.Exit(6);
        });

        var (outcome, _) = BareMachine.Run(program, engine, OneMebibyte);

        Assert.Equal(new RunOutcome.DebugExit(13), outcome);
    }

    [Fact]
    public void A_halted_program_can_be_stopped_from_outside()
    {
        using var file = new TemporaryFile(Assembled.Code(16, BootSector, a =>
        {
            a.Print("halt");
            a.cli();
            a.hlt();
        }));

        using var guest = new TestGuest(BareMachine.Config(file, engine, BootSector));
        guest.Console.Expect("halt", TestGuest.Patience);

        Assert.IsType<RunOutcome.Stopped>(guest.Stop());
    }

    [Fact]
    public void A_program_in_a_loop_can_be_stopped_from_outside()
    {
        using var file = new TemporaryFile(Assembled.Code(16, BootSector, a =>
        {
            a.Print("loop");
            a.cli();
            var forever = a.CreateLabel();
            a.Label(ref forever);
            a.jmp(forever);
        }));

        using var guest = new TestGuest(BareMachine.Config(file, engine, BootSector));
        guest.Console.Expect("loop", TestGuest.Patience);

        Assert.IsType<RunOutcome.Stopped>(guest.Stop());
    }

    [Fact]
    public void A_program_echoes_what_is_typed()
    {
        using var file = new TemporaryFile(Assembled.Code(16, BootSector, a =>
        {
            a.Print("?");
            var next = a.CreateLabel();
            a.Label(ref next);
            a.mov(dx, 0x3FD);
            var wait = a.CreateLabel();
            a.Label(ref wait);
            a.@in(al, dx);
            a.test(al, 1);
            a.jz(wait);
            a.mov(dx, 0x3F8);
            a.@in(al, dx);
            a.@out(dx, al);
            a.cmp(al, (sbyte)'z');
            a.jne(next);
            a.Exit(0);
        }));

        using var guest = new TestGuest(BareMachine.Config(file, engine, BootSector));
        guest.Console.Expect("?", TestGuest.Patience);
        guest.Console.SendLine("a line longer than the sixteen bytes of the port's own queue.z");

        Assert.Equal(new RunOutcome.DebugExit(1), guest.WaitForEnd());
        Assert.Equal("?a line longer than the sixteen bytes of the port's own queue.z", guest.Console.Text);
    }
}
