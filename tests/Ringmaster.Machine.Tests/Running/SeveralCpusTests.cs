using System.Diagnostics;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.State;
using static Ringmaster.Machine.Tests.Running.GuestActions;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>What holds for a machine whose vCPUs all run.</summary>
public sealed class SeveralCpusTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(20);

    public static TheoryData<string, byte, uint> WakingIpis => new()
    {
        { "physical", 1, Fixed | 0x61 },
        { "logical, flat", 0x82, Logical | Fixed | 0x61 },
        { "to all but the sender", 0, AllButSelf | Fixed | 0x61 },
        { "broadcast", 0xFF, Fixed | 0x61 },
        { "lowest priority", 0x82, Logical | 0x4100 | 0x61 },
    };

    [Theory]
    [MemberData(nameof(WakingIpis))]
    public void An_interrupt_from_another_processor_wakes_a_halted_one(string how, byte destination, uint command)
    {
        using var machine = Started(Bootstrap, Application);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal((how, 0x61), (how, Assert.Single(machine.Engine.Vcpus[1].Injected)));
        Assert.Empty(machine.Vcpu.Injected);

        IEnumerable<VmExit> Bootstrap(ScriptedVcpu cpu)
        {
            while (!cpu.Peers[1].InterruptsEnabled)
                yield return In(0x61);
            foreach (var exit in Ipi(destination, command))
                yield return exit;
            yield return ScriptedVcpu.Busy;
        }

        static IEnumerable<VmExit> Application(ScriptedVcpu cpu)
        {
            yield return EnableApic;
            yield return Apic(0xD0, 0x8000_0000);
            yield return Apic(0xD0, 0x0200_0000);
            cpu.InterruptsEnabled = true;
            while (cpu.Injected.Count == 0)
                yield return ScriptedVcpu.Halt;
            yield return PowerOff;
        }
    }

    [Fact]
    public void Interrupts_reach_a_processor_that_is_busy_in_its_code()
    {
        using var machine = Started(Bootstrap, Application);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        static IEnumerable<VmExit> Bootstrap(ScriptedVcpu cpu)
        {
            while (!cpu.Peers[1].InterruptsEnabled)
                yield return In(0x61);
            for (byte vector = 0x30; vector < 0xF0; vector += 0x10)
            {
                foreach (var exit in Ipi(1, (uint)(Fixed | vector)))
                    yield return exit;
                while (!cpu.Peers[1].Injected.Contains(vector))
                    yield return In(0x61);
            }
            yield return PowerOff;
        }

        static IEnumerable<VmExit> Application(ScriptedVcpu cpu)
        {
            yield return EnableApic;
            cpu.InterruptsEnabled = true;
            while (true)
                yield return ScriptedVcpu.Busy;
        }
    }

    [Fact]
    public void An_nmi_reaches_running_halted_and_starting_processors()
    {
        using var machine = new ScriptedMachine([Bootstrap, cpu => Application(cpu, ScriptedVcpu.Busy), cpu => Application(cpu, ScriptedVcpu.Halt), Late]);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal([0, 1, 1, 1], machine.Engine.Vcpus.Select(cpu => cpu.Nmis));

        static IEnumerable<VmExit> Bootstrap(ScriptedVcpu cpu)
        {
            foreach (var exit in (VmExit[])[.. StartUp(1, 8), .. StartUp(2, 8)])
                yield return exit;
            while (cpu.Peers[1].Entries == 0 || cpu.Peers[2].Entries == 0)
                yield return In(0x61);
            yield return Apic(0x300, AllButSelf | Nmi);
            while (cpu.Peers[1].Nmis == 0 || cpu.Peers[2].Nmis == 0)
                yield return In(0x61);
            Assert.Equal((0, 0), (cpu.Peers[3].Nmis, cpu.Peers[3].Entries));
            foreach (var exit in Ipi(3, Startup | 8))
                yield return exit;
            yield return ScriptedVcpu.Busy;
        }

        static IEnumerable<VmExit> Application(ScriptedVcpu cpu, VmExit rest)
        {
            while (cpu.State.Activity == ActivityState.Running)
                yield return rest;
        }

        static IEnumerable<VmExit> Late(ScriptedVcpu cpu)
        {
            if (cpu.State.Activity == ActivityState.Running)
                yield return PowerOff;
        }
    }

    [Fact]
    public async Task Processors_that_all_halt_cost_nothing()
    {
        using var stop = new CancellationTokenSource();
        using var machine = Started(_ => [], _ => [], _ => [], _ => []);
        var run = machine.Start(stop.Token);
        while (machine.Engine.Vcpus.Any(cpu => cpu.Entries == 0))
            await Task.Delay(1);
        await Task.Delay(50);
        var before = machine.Engine.Vcpus.Sum(cpu => cpu.Entries);

        await Task.Delay(200);

        Assert.InRange(machine.Engine.Vcpus.Sum(cpu => cpu.Entries) - before, 0, 4);
        await stop.CancelAsync();
        Assert.IsType<RunOutcome.Stopped>(await run.WaitAsync(s_long));
    }

    /// <summary>The store that ends a wait is not seen: the vCPU looks again by itself, but not all the time.</summary>
    [Fact]
    public async Task A_processor_that_waits_for_a_store_looks_again_soon_but_seldom()
    {
        using var stop = new CancellationTokenSource();
        using var machine = Started(_ => [], Waiting);
        var run = machine.Start(stop.Token);
        while (machine.Engine.Vcpus[1].Entries < 20)
            await Task.Delay(1);
        var (start, before) = (Stopwatch.GetTimestamp(), machine.Engine.Vcpus[1].Entries);

        await Task.Delay(200);

        var entries = machine.Engine.Vcpus[1].Entries - before;
        // Not more than one each millisecond, once it has waited for long.
        Assert.InRange(entries, 2, Stopwatch.GetElapsedTime(start).TotalMilliseconds + 20);
        await stop.CancelAsync();
        Assert.IsType<RunOutcome.Stopped>(await run.WaitAsync(s_long));

        static IEnumerable<VmExit> Waiting(ScriptedVcpu cpu)
        {
            while (true)
                yield return new VmExit(VmExitKind.Wait);
        }
    }

    [Fact]
    public async Task A_stop_ends_all_at_a_consistent_point_and_they_can_go_on()
    {
        using var stop = new CancellationTokenSource();
        var goesOn = false;
        using var machine = Started(Busy, Busy, cpu => [], Asking);
        var run = machine.Start(stop.Token);
        while (machine.Engine.Vcpus.Any(cpu => cpu.Entries == 0))
            await Task.Delay(1);

        await stop.CancelAsync();

        Assert.IsType<RunOutcome.Stopped>(await run.WaitAsync(s_long));
        Assert.All(machine.Engine.Vcpus, cpu => Assert.True(cpu.IsConsistent));
        goesOn = true;
        Assert.IsType<RunOutcome.PoweredOff>(await machine.Start(CancellationToken.None).WaitAsync(s_long));

        static IEnumerable<VmExit> Busy(ScriptedVcpu cpu)
        {
            while (true)
                yield return ScriptedVcpu.Busy;
        }

        IEnumerable<VmExit> Asking(ScriptedVcpu cpu)
        {
            while (!goesOn)
            {
                cpu.IsUnfinished = true;
                yield return In(0x61);
                cpu.IsUnfinished = false;
                yield return In(0x61);
            }
            yield return PowerOff;
        }
    }

    [Fact]
    public void A_reset_by_one_stops_all_and_starts_with_the_first_again()
    {
        var rounds = 0;
        using var machine = new ScriptedMachine([Bootstrap, Application, Application, Application]);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal(2, rounds);
        Assert.Equal(2, machine.Vcpu.Imports);
        Assert.All(machine.Engine.Vcpus.Skip(1), cpu => Assert.Equal(1, cpu.Starts));
        Assert.All(machine.Engine.Vcpus.Skip(1), cpu => Assert.Equal(ActivityState.WaitForStartup, cpu.State.Activity));

        IEnumerable<VmExit> Bootstrap(ScriptedVcpu cpu)
        {
            if (++rounds == 2)
                yield return PowerOff;
            yield return Apic(0x300, AllButSelf | Init);
            yield return Apic(0x300, AllButSelf | Startup | 8);
            yield return ScriptedVcpu.Busy;
        }

        static IEnumerable<VmExit> Application(ScriptedVcpu cpu)
        {
            while (cpu.State.Activity == ActivityState.Running)
            {
                if (cpu.Index.Value == 3 && cpu.Peers.All(peer => peer.Entries > 0))
                    yield return Out(0xCF9, 6);
                cpu.IsUnfinished = true;
                yield return In(0x61);
                cpu.IsUnfinished = false;
                yield return In(0x61);
            }
        }
    }

    [Fact]
    public void A_triple_fault_of_any_processor_ends_the_run_with_a_report_on_it_and_a_line_on_the_others()
    {
        using var machine = new ScriptedMachine([cpu => [.. StartUp(1, 8), ScriptedVcpu.Busy], Application, _ => []]);

        var report = Assert.IsType<RunOutcome.Crashed>(machine.Run()).Report;

        Assert.Contains("CPU 1 had a triple fault in real mode, privilege level 0.", report, StringComparison.Ordinal);
        Assert.Contains("RBX=0000000000c0ffee", report, StringComparison.Ordinal);
        Assert.Contains("CPU 0 was running in real mode, privilege level 0: CS=0000 RIP=0000000000001000", report, StringComparison.Ordinal);
        Assert.Contains("CPU 2 waited for its start-up.", report, StringComparison.Ordinal);

        static IEnumerable<VmExit> Application(ScriptedVcpu cpu)
        {
            if (cpu.State.Activity != ActivityState.Running)
                yield break;
            cpu.State.Registers[3] = 0xC0FFEE;
            yield return new VmExit(VmExitKind.Shutdown);
        }
    }

    [Fact]
    public void What_the_engine_throws_on_any_processor_comes_out_of_the_run()
    {
        using var machine = Started(Busy, Broken, Busy);

        Assert.Equal("the engine broke", Assert.Throws<InvalidOperationException>(machine.Run).Message);

        static IEnumerable<VmExit> Busy(ScriptedVcpu cpu)
        {
            while (true)
                yield return ScriptedVcpu.Busy;
        }

        static IEnumerable<VmExit> Broken(ScriptedVcpu cpu)
        {
            yield return In(0x61);
            throw new InvalidOperationException("the engine broke");
        }
    }

    [Theory]
    [InlineData(false, ActivityState.WaitForStartup, 0x1000)]
    [InlineData(true, ActivityState.Running, 0xFFFF_FFF0)]
    public void An_init_to_the_bootstrap_processor_resets_the_machine_unless_firmware_is_there_to_take_it(
        bool hasFirmware, ActivityState other, ulong address)
    {
        using var machine = new ScriptedMachine([Bootstrap, Application], hasFirmware: hasFirmware);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal((2, 1, other), (machine.Vcpu.Imports, machine.Engine.Vcpus[1].Starts, machine.Engine.Vcpus[1].State.Activity));
        Assert.Equal(address, machine.Vcpu.State.Cs.Base + machine.Vcpu.State.Rip);

        IEnumerable<VmExit> Bootstrap(ScriptedVcpu cpu)
        {
            if (cpu.Imports == 2)
                yield return PowerOff;
            foreach (var exit in StartUp(1, 8))
                yield return exit;
            while (true)
                yield return ScriptedVcpu.Halt;
        }

        static IEnumerable<VmExit> Application(ScriptedVcpu cpu)
        {
            if (cpu.State.Activity != ActivityState.Running)
                yield break;
            foreach (var exit in Ipi(0, Init))
                yield return exit;
            while (true)
                yield return ScriptedVcpu.Busy;
        }
    }

    [Fact]
    public void Only_its_own_thread_touches_a_vcpu_and_all_is_counted_for_each()
    {
        using var machine = Started(Bootstrap, Application);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.All(machine.Engine.Vcpus, cpu => Assert.Equal([cpu.RunThread], cpu.Callers));
        var statistics = machine.Machine.Statistics;
        Assert.Equal(2, statistics.Cpus.Count);
        Assert.Equal(3, statistics.Cpus[1].Exits["msr read"]);
        Assert.False(statistics.Cpus[0].Exits.ContainsKey("msr read"));
        Assert.Equal(3, statistics.Exits["msr read"]);
        Assert.Equal(statistics.Exits["port read"], statistics.Cpus.Sum(cpu => cpu.Exits.GetValueOrDefault("port read")));
        Assert.Equal((1, 1, 0), (statistics.Interrupts, statistics.Cpus[1].Interrupts, statistics.Cpus[0].Interrupts));
        Assert.Contains("cpu1 interrupt vector 0x44", machine.Trace, StringComparison.Ordinal);
        Assert.Contains("cpu1 rdmsr 0x1b -> 0xfee00800", machine.Trace, StringComparison.Ordinal);

        static IEnumerable<VmExit> Bootstrap(ScriptedVcpu cpu)
        {
            yield return In(0x61);
            while (!cpu.Peers[1].InterruptsEnabled)
                yield return In(0x61);
            foreach (var exit in Ipi(1, Fixed | 0x44))
                yield return exit;
            yield return ScriptedVcpu.Busy;
        }

        static IEnumerable<VmExit> Application(ScriptedVcpu cpu)
        {
            for (var i = 0; i < 3; i++)
                yield return VmExit.MsrRead(0x1B);
            yield return EnableApic;
            cpu.InterruptsEnabled = true;
            while (cpu.Injected.Count == 0)
                yield return In(0x61);
            yield return PowerOff;
        }
    }

    /// <summary>A machine whose first vCPU starts all others and then follows its script.</summary>
    private static ScriptedMachine Started(params Func<ScriptedVcpu, IEnumerable<VmExit>>[] scripts)
    {
        return new ScriptedMachine([cpu => First(cpu), .. scripts.Skip(1).Select(script => (Func<ScriptedVcpu, IEnumerable<VmExit>>)(cpu => Other(cpu, script)))]);

        IEnumerable<VmExit> First(ScriptedVcpu cpu)
        {
            yield return Apic(0x300, AllButSelf | Init);
            yield return Apic(0x300, AllButSelf | Startup | 8);
            foreach (var exit in scripts[0](cpu))
                yield return exit;
        }

        static IEnumerable<VmExit> Other(ScriptedVcpu cpu, Func<ScriptedVcpu, IEnumerable<VmExit>> script) =>
            cpu.State.Activity == ActivityState.Running ? script(cpu) : [];
    }
}
