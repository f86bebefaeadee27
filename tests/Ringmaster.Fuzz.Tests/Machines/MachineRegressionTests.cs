using Iced.Intel;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Fuzz.Tests.Machines;

/// <summary>What review and fuzzing have found in the machine's run loop. Guests are flat 32-bit programs at 1 MiB.</summary>
public sealed class MachineRegressionTests : IDisposable
{
    private const uint Base = 0x10_0000, Flag = 0x20_0000;
    private const ushort ExitPort = 0x501;
    private readonly string _directory = Directory.CreateTempSubdirectory("machine").FullName;

    [Fact]
    public void An_init_that_the_processor_sends_itself_resets_the_machine()
    {
        var (outcome, _) = Run(c =>
        {
            var first = c.CreateLabel();
            c.cmp(__dword_ptr[Flag], 0x1234);
            c.jne(first);
            Exit(c, 7);
            c.Label(ref first);
            c.mov(__dword_ptr[Flag], 0x1234);
            // ICR: INIT, assert, to physical destination 0.
            c.mov(__dword_ptr[0xFEE0_0310], 0);
            c.mov(__dword_ptr[0xFEE0_0300], 0x4500);
            c.hlt();
        });

        Assert.Equal(new RunOutcome.DebugExit((7 << 1) | 1), outcome);
    }

    [Fact]
    public void A_halt_that_no_interrupt_can_end_waits_instead_of_asking_again_and_again()
    {
        var (outcome, statistics) = Run(c =>
        {
            // The interval timer's first interrupt stays pending behind a cleared IF.
            Timer(c, 0x40);
            c.cli();
            c.hlt();
        });

        Assert.IsType<RunOutcome.Stopped>(outcome);
        Assert.InRange(statistics.Exits["halt"], 1, 50);
    }

    [Fact]
    public void Nmis_from_the_timer_thread_reach_the_processor_without_disturbing_it()
    {
        const int wanted = 300;
        var (outcome, _) = Run(c =>
        {
            var start = c.CreateLabel();
            var handler = c.CreateLabel();
            var loop = c.CreateLabel();
            c.mov(esp, 0x9_0000);
            c.call(start);
            c.Label(ref handler);
            c.inc(__dword_ptr[Flag]);
            c.iretd();
            c.Label(ref start);
            // The handler begins at the call's return address. An interrupt table with the one gate for vector 2 is built in RAM.
            c.pop(eax);
            c.mov(edx, eax);
            c.and(edx, 0xFFFF);
            c.mov(ecx, cs);
            c.shl(ecx, 16);
            c.or(edx, ecx);
            c.mov(__dword_ptr[Flag + 0x1010], edx);
            c.and(eax, 0xFFFF_0000u);
            c.or(eax, 0x8E00);
            c.mov(__dword_ptr[Flag + 0x1014], eax);
            c.mov(__word_ptr[Flag + 0x800], 0x7FF);
            c.mov(__dword_ptr[Flag + 0x802], Flag + 0x1000);
            c.lidt(__[Flag + 0x800]);
            // I/O APIC input 2: NMI, edge, to physical destination 0.
            c.mov(__dword_ptr[0xFEC0_0000], 0x15);
            c.mov(__dword_ptr[0xFEC0_0010], 0);
            c.mov(__dword_ptr[0xFEC0_0000], 0x14);
            c.mov(__dword_ptr[0xFEC0_0010], 0x402);
            Timer(c, 0x01);
            c.cli();
            c.mov(eax, ss);
            c.Label(ref loop);
            // Shadows come and go while NMIs arrive.
            for (var i = 0; i < 20; i++)
            {
                c.mov(ss, eax);
                c.inc(ebx);
            }
            c.cmp(__dword_ptr[Flag], wanted);
            c.jb(loop);
            Exit(c, 9);
        });

        Assert.Equal(new RunOutcome.DebugExit((9 << 1) | 1), outcome);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>The interval timer's channel 0, periodic.</summary>
    private static void Timer(Assembler c, byte high)
    {
        c.mov(al, 0x34);
        c.@out(0x43, al);
        c.mov(al, 0);
        c.@out(0x40, al);
        c.mov(al, high);
        c.@out(0x40, al);
        c.mov(al, 0xFE);
        c.@out(0x21, al);
    }

    private static void Exit(Assembler c, byte code)
    {
        c.mov(dx, ExitPort);
        c.mov(al, code);
        c.@out(dx, al);
        c.hlt();
    }

    private (RunOutcome Outcome, MachineStatistics Statistics) Run(Action<Assembler> code)
    {
        var assembler = new Assembler(32);
        code(assembler);
        var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), Base);
        var path = Path.Combine(_directory, "guest.bin");
        File.WriteAllBytes(path, bytes.ToArray());
        var config = new MachineConfig
        {
            Kernel = path,
            Memory = ByteSize.FromMebibytes(32),
            LoadAddress = new GuestPhysicalAddress(Base),
            Devices = [new DeviceConfig.DebugExit(new IoPort(ExitPort), 2)],
        };
        using var machine = VirtualMachine.Create(config, new MachineHost(NullLoggerFactory.Instance));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        return (machine.Run(stop.Token), machine.Statistics);
    }
}
