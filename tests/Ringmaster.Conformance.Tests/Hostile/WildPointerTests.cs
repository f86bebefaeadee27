using System.Runtime.InteropServices;
using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Conformance.Tests.Hostile;

/// <summary>
/// Pointers to anywhere, in all modes and address sizes: every engine raises what the interpreter raises, leaves the same
/// registers, and has stored to the same bytes, of RAM that the guest was never meant to reach too.
/// </summary>
public sealed class WildPointerTests
{
    private const string Endless = "Endless";
    private const int Rounds = 150;

    private static int Guests => Environment.GetEnvironmentVariable("RINGMASTER_LONG_TESTS") == "1" ? 200 : 6;

    // Behind the guest's own there is more, which only a wild pointer reaches.
    private static readonly RamRange[] s_ranges =
        [new(new(0), Layout.MemorySize), new(new(0x40_0000), 0x10_0000), new(new(0x8000_0000), 0x1_0000), new(new(0xFFFF_0000), 0x1_0000), new(new(0x1_0000_0000), 0x1_0000)];

    public static TheoryData<string, GuestMode> Modes
    {
        get
        {
            var rows = new TheoryData<string, GuestMode>();
            foreach (var engine in EngineUnderTest.InSoftware.Where(name => name != "interpreter"))
            {
                foreach (var mode in Enum.GetValues<GuestMode>())
                    rows.Add(engine, mode);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Wild_pointers_do_what_they_do_in_the_interpreter(string engine, GuestMode mode)
    {
        var faults = 0;
        for (var seed = 0; seed < Guests; seed++)
        {
            using var tested = new WildGuest(EngineUnderTest.Get(engine), mode);
            using var reference = new WildGuest(EngineUnderTest.Get("interpreter"), mode);
            var random = new Random(seed);
            for (var round = 0; round < Rounds; round++)
            {
                var access = WildAccess.Make(random, mode);

                var (end, expected) = (tested.Run(access), reference.Run(access));

                Assert.True(end == expected, $"Guest {seed}, round {round}, {Convert.ToHexString(access.Code)}, FS {access.FsBase:x}, GS {access.GsBase:x}\n{engine}:\n{end}\ninterpreter:\n{expected}");
                // It has broken its own handlers, and was stopped somewhere.
                if (end == Endless)
                    break;
                Assert.True(tested.Difference(reference) is null, $"Guest {seed}, round {round}, {Convert.ToHexString(access.Code)}, FS {access.FsBase:x}, GS {access.GsBase:x}: memory differs {tested.Difference(reference)}");
                faults += end.StartsWith("Mark", StringComparison.Ordinal) ? 0 : 1;
            }
        }
        // Some pointers are wild, and some are not wild enough.
        Assert.InRange(faults, Guests * Rounds / 10, Guests * Rounds * 19 / 20);
    }

    /// <summary>A guest that goes on after each round as if nothing had happened.</summary>
    private sealed class WildGuest : IDisposable
    {
        private readonly GuestMemory _memory = GuestMemory.Create(s_ranges);
        private readonly IVirtualCpu _cpu;
        private readonly Guest _guest;
        private readonly CpuState _state = new();

        public WildGuest(IEngine engine, GuestMode mode)
        {
            _guest = new Guest(mode);
            _guest.State.Cr4 |= 0x600;
            for (var at = 0UL; at < Layout.MemorySize; at += 2)
            {
                // What wild pointers take off the stack leads to marks too.
                if (Layout.HoldsMarks(at) || at is >= Layout.LowestStack and < Layout.Target || (at < Layout.LowMarks && !mode.Is16Bit()))
                    _guest.Write(at, Layout.Mark);
            }
            _memory.TryWrite(new(0), _guest.Memory);
            foreach (var range in s_ranges.Skip(1))
                MemoryMarshal.Cast<byte, ushort>(_memory.Window(range.Start, (int)range.Length)).Fill(Layout.Mark);
            _cpu = engine.CreateVcpu(new VcpuIndex(0), _memory, new VcpuSetup(TestModel.Of(false, mode.IsFiveLevel()), new StoppedClock()));
        }

        /// <summary>Runs a round.</summary>
        /// <returns>How it ended and all registers.</returns>
        public string Run(WildAccess access)
        {
            var initial = _guest.State;
            (initial.Registers[2], initial.Registers[6]) = (0x1234_5678_9ABC_DEF0, 0xFFFF_FFFF_FFFF_FFFC);
            initial.Fs = initial.Fs with { Base = access.FsBase };
            initial.Gs = initial.Gs with { Base = access.GsBase };
            // Nothing is left of the round before.
            var code = new byte[0x100];
            MemoryMarshal.Cast<byte, ushort>(code.AsSpan(access.Code.Length)).Fill(Layout.Mark);
            access.Code.CopyTo(code, 0);
            _memory.TryWrite(new(Layout.Code), code);
            _cpu.Import(initial);
            var end = "";
            using var watchdog = new Timer(_ => _cpu.Kick(), null, 20_000, Timeout.Infinite);
            var answer = ExitAnswer.Done;
            for (var exits = 0; exits < 100 && end.Length == 0; exits++)
            {
                var exit = _cpu.Run(answer);
                answer = exit.Kind is VmExitKind.MmioRead or VmExitKind.PortRead ? ExitAnswer.Value(0x5A) : ExitAnswer.Done;
                end = exit.Kind switch
                {
                    VmExitKind.PortWrite when exit.Port.Value == Layout.MarkPort && exit.Size != 1 => "Mark",
                    VmExitKind.PortWrite => $"Handler {exit.Port.Value}",
                    VmExitKind.MmioRead or VmExitKind.MmioWrite => "",
                    VmExitKind.Kicked => Endless,
                    _ => exit.ToString(),
                };
            }
            if (end == Endless)
                return end;
            while (_cpu.Settle(ExitAnswer.Done) is not null)
            {
            }
            _cpu.Export(_state);
            var registers = string.Join(' ', Enumerable.Range(0, 16).Select(i => $"{_state.Registers[i]:x}"));
            return $"{end} RIP {_state.Rip:x} RFLAGS {_state.Rflags:x} CR2 {_state.Cr2:x} XMM1 {_state.Fpu.Vectors[1][0]:x} {_state.Fpu.Vectors[1][1]:x}\n{registers}";
        }

        /// <summary>The first address at which the RAM of two guests differs.</summary>
        public string? Difference(WildGuest other)
        {
            foreach (var range in s_ranges)
            {
                var mine = _memory.Window(range.Start, (int)range.Length);
                var same = mine.CommonPrefixLength(other._memory.Window(range.Start, (int)range.Length));
                if (same < mine.Length)
                    return $"at {range.Start.Value + (ulong)same:x} there is {mine[same]:x}, in the interpreter {other._memory.Window(range.Start, (int)range.Length)[same]:x}";
            }
            return null;
        }

        public void Dispose()
        {
            _cpu.Dispose();
            _memory.Dispose();
        }
    }
}
