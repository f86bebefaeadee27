using System.Collections.Concurrent;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.State;
using static Ringmaster.Machine.Tests.Running.GuestActions;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>How processors start each other: INIT and start-up IPIs (SDM 3A 9.4).</summary>
public sealed class StartupTests
{
    [Fact]
    public void An_application_processor_waits_and_then_starts_in_real_mode_at_the_vector()
    {
        using var machine = new ScriptedMachine([Bootstrap, Application]);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        var state = machine.Engine.Vcpus[1].State;
        Assert.Equal((0x9200, 0x9_2000UL, 0UL), (state.Cs.Selector, state.Cs.Base, state.Rip));
        Assert.Equal((ActivityState.Running, 0UL), (state.Activity, state.Cr0 & 1));
        Assert.NotEqual(0UL, state.Registers[2]);

        static IEnumerable<VmExit> Bootstrap(ScriptedVcpu cpu)
        {
            for (var i = 0; i < 20; i++)
                yield return In(0x61);
            Assert.Equal(0, cpu.Peers[1].Entries);
            foreach (var exit in StartUp(1, 0x92))
                yield return exit;
            yield return ScriptedVcpu.Busy;
        }

        static IEnumerable<VmExit> Application(ScriptedVcpu cpu)
        {
            if (cpu.State.Activity == ActivityState.Running)
                yield return PowerOff;
        }
    }

    [Fact]
    public void A_startup_ipi_alone_starts_a_processor_that_has_never_run()
    {
        using var machine = new ScriptedMachine([cpu => [.. Ipi(1, Startup | 8), ScriptedVcpu.Busy], _ => [PowerOff]]);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());
    }

    [Fact]
    public void One_command_starts_all_others()
    {
        const int count = 8;
        var started = new ConcurrentBag<ulong>();
        using var machine = new ScriptedMachine([Bootstrap, .. Enumerable.Repeat(Application, count - 1)]);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal(Enumerable.Range(1, count - 1).Select(i => (ulong)i << 24), started.Order());
        Assert.Equal(count, machine.Engine.Vcpus.Select(cpu => cpu.RunThread).Distinct().Count());

        static IEnumerable<VmExit> Bootstrap(ScriptedVcpu cpu)
        {
            yield return Apic(0x300, AllButSelf | Init);
            yield return Apic(0x300, AllButSelf | Startup | 0x10);
            while (true)
                yield return ScriptedVcpu.Halt;
        }

        IEnumerable<VmExit> Application(ScriptedVcpu cpu)
        {
            if (cpu.State.Activity != ActivityState.Running)
                yield break;
            yield return Load(ApicPage + 0x20);
            started.Add(cpu.Answer.Data);
            if (started.Count == count - 1)
                yield return PowerOff;
        }
    }

    [Fact]
    public void A_running_processor_takes_no_startup_ipi()
    {
        using var machine = new ScriptedMachine([Bootstrap, Application]);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal((1, 0x8000UL), (machine.Engine.Vcpus[1].Starts, machine.Engine.Vcpus[1].State.Cs.Base));

        static IEnumerable<VmExit> Bootstrap(ScriptedVcpu cpu)
        {
            foreach (var exit in StartUp(1, 8))
                yield return exit;
            // Once it is entered again its local APIC is enabled; before, an interrupt would be lost.
            while (cpu.Peers[1].Entries < 2)
                yield return In(0x61);
            foreach (var exit in Ipi(1, Startup | 9))
                yield return exit;
            foreach (var exit in Ipi(1, Fixed | 0x40))
                yield return exit;
            yield return ScriptedVcpu.Busy;
        }

        static IEnumerable<VmExit> Application(ScriptedVcpu cpu)
        {
            cpu.InterruptsEnabled = true;
            yield return EnableApic;
            while (cpu.Injected.Count == 0)
                yield return In(0x61);
            yield return PowerOff;
        }
    }

    [Fact]
    public void The_bootstrap_processor_takes_no_startup_ipi()
    {
        using var machine = new ScriptedMachine([cpu => [.. Ipi(0, Startup | 8), PowerOff], _ => []]);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal(1, machine.Vcpu.Imports);
    }

    [Fact]
    public void An_init_lets_the_instruction_finish_and_then_the_processor_waits_again_with_what_an_init_keeps()
    {
        using var machine = new ScriptedMachine([Bootstrap, Application]);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        var cpu = machine.Engine.Vcpus[1];
        // Three exits of the instruction that sent it, and the one that ends the test.
        Assert.Equal((2, 4), (cpu.Starts, cpu.Settles));
        Assert.Equal("ab"u8.ToArray(), machine.Serial.Sent);
        Assert.Equal((0xAUL << 12, 0UL, 0x6000_0010UL, 0UL), (cpu.State.Cs.Base, cpu.State.Cr3, cpu.State.Cr0, cpu.State.Msr.Efer));
        Assert.Equal((77UL, 0x1234UL, 7UL, 0x55U, 0x806UL),
            (cpu.State.Msr.TscOffset, cpu.State.Msr.Lstar, cpu.State.Xcr0, cpu.State.Fpu.Mxcsr, cpu.State.Msr.MtrrDefaultType));

        static IEnumerable<VmExit> Bootstrap(ScriptedVcpu cpu)
        {
            foreach (var exit in StartUp(1, 8))
                yield return exit;
            while (cpu.Peers[1] is not { Starts: 1, State.Activity: ActivityState.WaitForStartup })
                yield return In(0x61);
            foreach (var exit in Ipi(1, Startup | 0xA))
                yield return exit;
            yield return ScriptedVcpu.Busy;
        }

        static IEnumerable<VmExit> Application(ScriptedVcpu cpu)
        {
            if (cpu.State.Cs.Base == 0xA000)
                yield return PowerOff;
            if (cpu.State.Activity != ActivityState.Running)
                yield break;
            (cpu.State.Cr0, cpu.State.Cr3, cpu.State.Msr.Efer, cpu.State.Msr.TscOffset) = (0xE000_0033, 0x5000, 0x500, 77);
            (cpu.State.Msr.Lstar, cpu.State.Xcr0, cpu.State.Fpu.Mxcsr, cpu.State.Msr.MtrrDefaultType) = (0x1234, 7, 0x55, 0x806);
            yield return Apic(0x310, 1U << 24);
            cpu.IsUnfinished = true;
            yield return Apic(0x300, Init);
            yield return Out(0x3F8, 'a');
            cpu.IsUnfinished = false;
            yield return Out(0x3F8, 'b');
            yield return Out(0x3F8, '!');
        }
    }
}
