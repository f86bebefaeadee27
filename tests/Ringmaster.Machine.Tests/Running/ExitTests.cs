using Ringmaster.Cpu.Exits;
using Ringmaster.Machine.Configuration;
using static Ringmaster.Machine.Tests.Running.GuestActions;

namespace Ringmaster.Machine.Tests.Running;

public sealed class ExitTests
{
    private const uint ApicBaseMsr = 0x1B, X2ApicId = 0x802, X2ApicTpr = 0x808, PatOfNobody = 0xDEAD_BEEF;
    private const ulong ApicOn = 0xFEE0_0900, X2ApicOn = 0xFEE0_0D00;

    /// <summary>Exits, and the answer expected to the last of them: a value, or null for #GP.</summary>
    public static TheoryData<string, VmExit[], ulong?> Accesses => new()
    {
        { "CMOS RAM keeps a byte", [Out(0x70, 0x50), Out(0x71, 0xA5), Out(0x70, 0x50), In(0x71)], 0xA5 },
        { "a port of no device reads as ones", [In(0x3210, 2)], 0xFFFF },
        { "a port of no device swallows a write", [Out(0x3210, 1, 4)], 0 },
        { "HPET capabilities", [Load(0xFED0_0004)], 10_000_000 },
        { "memory of no device reads as ones", [Load(0xD000_0000)], 0xFFFF_FFFF },
        { "memory of no device reads as ones, 8 bytes", [Load(0xD000_0000, 8)], ulong.MaxValue },
        { "video memory has no device", [Load(0xB_8000, 2)], 0xFFFF },
        { "I/O APIC, index and data", [Store(0xFEC0_0000, 1), Load(0xFEC0_0010)], 0x17_0020 },
        { "local APIC version", [Load(ApicPage + 0x30)], 0x105_0014 },
        { "local APIC base", [VmExit.MsrRead(ApicBaseMsr)], ApicOn },
        { "an MSR that does not exist", [VmExit.MsrRead(PatOfNobody)], null },
        { "writing an MSR that does not exist", [VmExit.MsrWrite(PatOfNobody, 0)], null },
        { "x2APIC registers are not there in xAPIC mode", [VmExit.MsrRead(X2ApicId)], null },
        { "reserved bits of the APIC base", [VmExit.MsrWrite(ApicBaseMsr, ApicOn | 1)], null },
        { "x2APIC ID", [VmExit.MsrWrite(ApicBaseMsr, X2ApicOn), VmExit.MsrRead(X2ApicId)], 0 },
        { "x2APIC TPR", [VmExit.MsrWrite(ApicBaseMsr, X2ApicOn), VmExit.MsrWrite(X2ApicTpr, 0x50), VmExit.MsrRead(X2ApicTpr)], 0x50 },
        { "the page is bus memory in x2APIC mode", [VmExit.MsrWrite(ApicBaseMsr, X2ApicOn), Load(ApicPage + 0x30)], 0xFFFF_FFFF },
        { "the page moves", [VmExit.MsrWrite(ApicBaseMsr, 0xD000_0900), Load(0xD000_0030)], 0x105_0014 },
        { "nothing stays where the page was", [VmExit.MsrWrite(ApicBaseMsr, 0xD000_0900), Load(ApicPage + 0x30)], 0xFFFF_FFFF },
        { "the byte after the page is the bus's", [Load(ApicPage + 0x1000)], 0xFFFF_FFFF },
        { "the byte before the page is the bus's", [Load(ApicPage - 4)], 0xFFFF_FFFF },
        { "CR8 shows in the TPR", [VmExit.TaskPriority(7), Load(ApicPage + 0x80)], 0x70 },
    };

    [Theory]
    [MemberData(nameof(Accesses))]
    public void Exits_reach_their_device_and_the_answer_comes_back(string what, VmExit[] exits, ulong? expected)
    {
        ExitAnswer? last = null;
        using var machine = new ScriptedMachine(Guest);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal((what, expected is null, expected ?? 0), (what, last!.Value.Fault, last.Value.Data));

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            foreach (var exit in exits)
                yield return exit;
            last = cpu.Answer;
            yield return PowerOff;
        }
    }

    [Fact]
    public void Serial_output_reaches_the_back_end()
    {
        using var machine = new ScriptedMachine(_ => [Out(0x3F8, 'h'), Out(0x3F8, 'i'), PowerOff]);

        machine.Run();

        Assert.Equal("hi"u8.ToArray(), machine.Serial.Sent);
    }

    [Fact]
    public void The_task_priority_that_the_guest_writes_to_its_apic_is_cr8_at_the_next_entry()
    {
        byte seen = 0;
        using var machine = new ScriptedMachine(Guest);

        machine.Run();

        Assert.Equal(9, seen);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            yield return Apic(0x80, 0x95);
            seen = cpu.TaskPriority;
            yield return PowerOff;
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 11)]
    [InlineData(0x7F, 0xFF)]
    [InlineData(0x80, 1)]
    public void The_debug_exit_device_ends_the_run_with_the_guests_code(uint value, int code)
    {
        using var machine = new ScriptedMachine(_ => [Out(0x501, value)], new DeviceConfig.DebugExit(new(0x501), 2));

        Assert.Equal(new RunOutcome.DebugExit(code), machine.Run());
    }

    [Fact]
    public void Statistics_count_exits_by_kind_interrupts_and_instructions()
    {
        using var machine = new ScriptedMachine(Guest);

        machine.Run();

        var statistics = machine.Machine.Statistics;
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["interrupt window"] = 1, ["port read"] = 3, ["port write"] = 1, ["mmio write"] = 2, ["msr read"] = 1, ["task priority"] = 1,
            },
            statistics.Exits.Where(e => e.Key != "kick").ToDictionary());
        Assert.Equal((1, 12345), (statistics.Interrupts, statistics.Instructions));
        Assert.InRange(statistics.Elapsed, TimeSpan.FromMilliseconds(5), TimeSpan.FromMinutes(1));
        Thread.Sleep(20);
        Assert.Equal(statistics.Elapsed, machine.Machine.Statistics.Elapsed);

        static IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            cpu.InterruptsEnabled = true;
            Thread.Sleep(5);
            cpu.InstructionCount = 12345;
            for (var i = 0; i < 3; i++)
                yield return In(0x61);
            yield return EnableApic;
            yield return SelfInterrupt(0x44);
            yield return VmExit.MsrRead(PatOfNobody);
            yield return VmExit.TaskPriority(1);
            yield return PowerOff;
        }
    }

    [Fact]
    public void The_trace_has_every_exit_with_its_answer()
    {
        using var machine = new ScriptedMachine(_ => [Out(0x70, 0x50), VmExit.MsrRead(PatOfNobody), Store(ApicPage + 0xF0, 0x1FF), new(VmExitKind.Shutdown)]);

        machine.Run();

        var lines = machine.Trace.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimStart().Split(' ', 2)[1]);
        Assert.Equal(
            ["cpu0 out   port 0x70 size 1 <- 0x50", "cpu0 rdmsr 0xdeadbeef -> #GP", "cpu0 store 0xfee000f0 size 4 <- 0x1ff", "cpu0 shutdown"],
            lines.Where(line => !line.EndsWith("kick", StringComparison.Ordinal)));
    }
}
