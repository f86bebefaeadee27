using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.State;
using Ringmaster.Devices.Storage;
using static Ringmaster.Machine.Tests.Running.GuestActions;

namespace Ringmaster.Machine.Tests.Running;

public sealed class LifeTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(20);

    [Fact]
    public void Power_off_completes_its_instruction_first()
    {
        using var machine = new ScriptedMachine(Guest);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        // What the same instruction asks after the power-off is still answered; nothing after it runs.
        Assert.Equal("z"u8.ToArray(), machine.Serial.Sent);
        Assert.Equal(2, machine.Vcpu.Settles);

        static IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            cpu.IsUnfinished = true;
            yield return PowerOff;
            cpu.IsUnfinished = false;
            yield return Out(0x3F8, 'z');
            yield return Out(0x3F8, '!');
        }
    }

    public static TheoryData<string, VmExit[]> Resets => new()
    {
        { "reset control register", [Out(0xCF9, 2), Out(0xCF9, 6)] },
        { "system control port A", [Out(0x92, 1)] },
        { "keyboard controller", [Out(0x64, 0xFE)] },
        { "INIT to oneself", [Apic(0x300, 0x4500)] },
    };

    [Theory]
    [MemberData(nameof(Resets))]
    public void A_reset_starts_the_kernel_again_with_fresh_devices(string how, VmExit[] reset)
    {
        var rounds = 0;
        ulong taskPriority = 99, line = 99;
        using var machine = new ScriptedMachine(Guest);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal((how, 2, 2), (how, rounds, machine.Vcpu.Imports));
        Assert.Equal((0UL, 0UL), (taskPriority, line));
        Assert.Equal(ScriptedMachine.LoadAddress, machine.Vcpu.State.Cs.Base + machine.Vcpu.State.Rip);
        Assert.Equal([], machine.Vcpu.Injected);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            if (++rounds == 2)
            {
                yield return Load(ApicPage + 0x80);
                taskPriority = cpu.Answer.Data;
                yield return In(0x3FB);
                line = cpu.Answer.Data;
                yield return PowerOff;
            }
            yield return EnableApic;
            yield return SelfInterrupt(0x66);
            yield return Apic(0x80, 0xF0);
            yield return Out(0x3FB, 3);
            foreach (var exit in reset)
                yield return exit;
            yield return Out(0x3F8, '!');
        }
    }

    [Fact]
    public void A_reset_forgets_an_nmi_on_its_way()
    {
        using var machine = new ScriptedMachine(Guest);

        machine.Run();

        Assert.Equal((2, 0), (machine.Vcpu.Imports, machine.Vcpu.Nmis));

        static IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            if (cpu.Imports == 2)
                yield return PowerOff;
            cpu.IsUnfinished = true;
            yield return Out(0xCF9, 6);
            cpu.IsUnfinished = false;
            yield return Apic(0x300, 0x4400);
        }
    }

    [Fact]
    public void A_triple_fault_is_reported_with_registers_code_stack_and_page_walks()
    {
        using var machine = new ScriptedMachine(Guest);

        var report = Assert.IsType<RunOutcome.Crashed>(machine.Run()).Report;

        Assert.Contains("CPU 0 had a triple fault in 64-bit mode, privilege level 0.", report, StringComparison.Ordinal);
        Assert.Contains("RBX=00000000deadbeef", report, StringComparison.Ordinal);
        Assert.Contains("RIP=0000000000001000", report, StringComparison.Ordinal);
        Assert.Contains("CR3=0000000000002000", report, StringComparison.Ordinal);
        Assert.Matches("code .* <eb> fe 00", report);
        Assert.Matches("stack 000000000000feeb ", report);
        // The walk from CR3 on finds an entry that is not present, at the address that holds it.
        Assert.Contains("CR2 0xffff800000000000: 0x2800: 0000000000000000 > page fault, error code 0", report, StringComparison.Ordinal);

        static IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            var state = cpu.State;
            state.Cr0 = 0x8000_0011;
            state.Cr4 = 0x20;
            state.Msr.Efer = 0x500;
            state.Cr3 = 0x2000;
            state.Cr2 = 0xFFFF_8000_0000_0000;
            state.Cs = new Segment(8, 0, uint.MaxValue, new SegmentAttributes(0xA09B));
            state.Ss = new Segment(16, 0, uint.MaxValue, new SegmentAttributes(0xC093));
            state.Rip = ScriptedMachine.LoadAddress;
            state.Registers[3] = 0xDEAD_BEEF;
            state.Registers[4] = ScriptedMachine.LoadAddress;
            yield return new VmExit(VmExitKind.Shutdown);
        }
    }

    [Fact]
    public async Task What_the_engine_cannot_go_on_with_ends_in_the_crash_report()
    {
        using var machine = new ScriptedMachine(Guest);

        var outcome = await machine.Start(CancellationToken.None).WaitAsync(s_long);

        var report = Assert.IsType<RunOutcome.Crashed>(outcome).Report;
        Assert.StartsWith("CPU 0 has stopped in real mode", report, StringComparison.Ordinal);
        Assert.Contains("This is what the engine cannot do.", report, StringComparison.Ordinal);

        static IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            cpu.Failure = "This is what the engine cannot do.";
            yield return new VmExit(VmExitKind.Shutdown);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stop_ends_the_run_soon_and_the_machine_can_run_on(bool halted)
    {
        using var reached = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        using var machine = new ScriptedMachine(Guest);
        var run = machine.Start(stop.Token);
        reached.Wait();

        await stop.CancelAsync();

        Assert.IsType<RunOutcome.Stopped>(await run.WaitAsync(s_long));
        var running = machine.Start(CancellationToken.None);
        if (halted)
            machine.Serial.Type((byte)'x');
        Assert.IsType<RunOutcome.PoweredOff>(await running.WaitAsync(s_long));

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            foreach (var exit in ProgramPic(4))
                yield return exit;
            yield return Out(0x3FC, 0x08);
            yield return Out(0x3F9, 0x01);
            cpu.InterruptsEnabled = true;
            reached.Set();
            yield return halted ? ScriptedVcpu.Halt : ScriptedVcpu.Busy;
            while (halted && cpu.Injected.Count == 0)
                yield return ScriptedVcpu.Halt;
            yield return PowerOff;
        }
    }

    [Fact]
    public void A_stop_before_the_run_lets_nothing_execute()
    {
        using var machine = new ScriptedMachine(_ => [PowerOff]);

        Assert.IsType<RunOutcome.Stopped>(machine.Machine.Run(new CancellationToken(canceled: true)));

        Assert.Equal(0, machine.Vcpu.Entries);
    }

    [Fact]
    public void The_machines_lock_is_free_while_the_vcpu_runs_and_while_it_settles()
    {
        var free = new List<bool>();
        ScriptedMachine? machine = null;
        using var made = machine = new ScriptedMachine(Guest);

        machine.Run();

        Assert.Equal([true, true], free);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            free.Add(CanPress());
            cpu.IsUnfinished = true;
            yield return PowerOff;
            free.Add(CanPress());
            cpu.IsUnfinished = false;
            yield return In(0x61);
        }

        bool CanPress() => Task.Run(machine!.Machine.PressPowerButton).Wait(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void What_an_engine_throws_comes_out_of_the_run_and_the_machine_can_still_be_used_up()
    {
        var machine = new ScriptedMachine(Guest);

        var thrown = Assert.Throws<InvalidOperationException>(machine.Run);

        Assert.Equal("the engine broke", thrown.Message);
        Assert.False(machine.Machine.PressPowerButton());
        machine.Dispose();
        Assert.True(machine.Engine.IsDisposed);

        static IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            yield return In(0x61);
            throw new InvalidOperationException("the engine broke");
        }
    }

    [Fact]
    public void What_a_back_end_throws_in_a_device_comes_out_of_the_run()
    {
        using var machine = new ScriptedMachine(_ => [Out(0x3F8, 'x'), PowerOff]);
        machine.Serial.OnTransmit = _ => throw new InvalidOperationException("the back end broke");

        Assert.Equal("the back end broke", Assert.Throws<InvalidOperationException>(machine.Run).Message);
    }

    [Fact]
    public void The_end_of_a_request_that_comes_when_the_machine_is_gone_does_nothing()
    {
        var disk = new SlowDisk();
        var machine = new ScriptedMachine([ReadsAll], disk: disk);
        machine.Run();
        var request = Assert.Single(disk.Submitted);

        machine.Dispose();
        request.Completed(BlockStatus.Done);

        // As long as the machine is there, the drive goes on with the next part.
        Assert.Single(disk.Submitted);
        Assert.True(disk.IsDrained);

        // READ VERIFY SECTOR(S) (ATA/ATAPI-6, 8.35), for 256 of them: more than is read at once.
        static IEnumerable<VmExit> ReadsAll(ScriptedVcpu cpu) => [Out(0x1F6, 0xE0), Out(0x1F2, 0), Out(0x1F7, 0x40), PowerOff];
    }

    [Fact]
    public void A_machine_that_is_gone_ignores_late_calls()
    {
        var machine = new ScriptedMachine(_ => [Out(0x3FC, 8), Out(0x3F9, 1), PowerOff]);
        machine.Run();
        var late = machine.Serial.Receiver!;

        machine.Dispose();

        Assert.False(machine.Serial.IsConnected);
        Assert.Null(Record.Exception(() => late([1, 2, 3])));
        Assert.Null(Record.Exception(() => machine.Machine.PressPowerButton()));
    }

    /// <summary>A disk that has not ended any request yet.</summary>
    private sealed class SlowDisk : IBlockBackend
    {
        public List<BlockRequest> Submitted { get; } = [];

        public bool IsDrained { get; private set; }

        public ulong Length => 1 << 20;

        public bool IsReadOnly => false;

        public bool CanDiscard => false;

        public void Submit(BlockRequest request) => Submitted.Add(request);

        public bool TryRead(ulong offset, IReadOnlyList<Memory<byte>> buffers) => false;

        public void Drain() => IsDrained = true;
    }
}
