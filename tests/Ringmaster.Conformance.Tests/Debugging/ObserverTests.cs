using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu;
using Ringmaster.Memory;

namespace Ringmaster.Conformance.Tests.Debugging;

/// <summary>Every exception is announced once, with what its handler sees; software interrupts are not.</summary>
public sealed class ObserverTests
{
    public static TheoryData<string> EngineNames => new(EngineUnderTest.InSoftware);

    [Theory]
    [MemberData(nameof(EngineNames))]
    public void A_fault_is_announced_with_its_error_code(string engine) =>
        Assert.Equal([(13, 0U, Layout.Code)], Announced(engine, GuestMode.User64, c => c.hlt()));

    [Theory]
    [MemberData(nameof(EngineNames))]
    public void A_fault_on_the_way_is_announced_beside_its_cause(string engine) =>
        Assert.Equal([(6, null, Layout.Code), (11, (uint?)(6 * 8 + 3), Layout.Code)],
            Announced(engine, GuestMode.Kernel32, c => c.ud2(), m => m.SetGate(6, Selectors.Code32, 0, 0xE, present: false)));

    [Theory]
    [MemberData(nameof(EngineNames))]
    public void A_breakpoint_is_announced_with_the_next_instruction(string engine) =>
        Assert.Equal([(3, (uint?)null, Layout.Code + 1UL)], Announced(engine, GuestMode.User32, c => c.int3()));

    [Theory]
    [MemberData(nameof(EngineNames))]
    public void A_single_step_is_announced(string engine) =>
        Assert.Equal([(1, (uint?)null, Layout.Code + 1UL)],
            Announced(engine, GuestMode.Kernel64, c => { c.nop(); c.nop(); }, m => m.State.Rflags |= 0x100));

    [Theory]
    [MemberData(nameof(EngineNames))]
    public void A_software_interrupt_is_no_exception(string engine) =>
        Assert.Empty(Announced(engine, GuestMode.User32, c => c.@int(0x80)));

    [Theory]
    [MemberData(nameof(EngineNames))]
    public void A_triple_fault_is_announced_step_by_step(string engine) =>
        Assert.Equal([6, 13, 8], Announced(engine, GuestMode.Kernel32, c => c.ud2(), m => m.State.Idtr = default).Select(e => (int)e.Item1));

    private static List<(byte, uint?, ulong)> Announced(string engine, GuestMode mode, Action<Iced.Intel.Assembler> code, Action<Guest>? given = null)
    {
        var guest = new Guest(mode);
        guest.Assemble(code);
        given?.Invoke(guest);
        var observer = new Recorder();
        using var memory = GuestMemory.Create([new RamRange(new(0), Layout.MemorySize)]);
        using var cpu = EngineUnderTest.Get(engine).CreateVcpu(new VcpuIndex(0), memory,
            new VcpuSetup(TestModel.Of(false, false), new StoppedClock()) { Observer = observer });
        CaseRunner.Run(guest, cpu, memory);
        return observer.Exceptions;
    }

    private sealed class Recorder : IVcpuObserver
    {
        public List<(byte, uint?, ulong)> Exceptions { get; } = [];

        public void ExceptionDelivered(VcpuIndex vcpu, byte vector, uint? errorCode, ulong rip) => Exceptions.Add((vector, errorCode, rip));

        public void PageFaulted(VcpuIndex vcpu, LinearAddress address, uint errorCode, ulong rip)
        {
        }

        public void TlbFlushed(VcpuIndex vcpu)
        {
        }

        public void InstructionMissing(VcpuIndex vcpu, string instruction, ulong rip) =>
            Assert.Fail($"The engine lacks {instruction} at 0x{rip:x}.");
    }
}
