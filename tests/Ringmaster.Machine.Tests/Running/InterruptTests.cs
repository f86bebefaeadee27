using Ringmaster.Cpu.Exits;
using Ringmaster.Devices.Chipset.AcpiPm;
using static Ringmaster.Machine.Tests.Running.GuestActions;

namespace Ringmaster.Machine.Tests.Running;

public sealed class InterruptTests
{
    [Fact]
    public void An_interrupt_is_injected_before_the_next_entry()
    {
        var atEntry = -1;
        using var machine = new ScriptedMachine(Guest);

        machine.Run();

        Assert.Equal(1, atEntry);
        Assert.Equal([0x55], machine.Vcpu.Injected);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            cpu.InterruptsEnabled = true;
            yield return EnableApic;
            yield return SelfInterrupt(0x55);
            // The instruction that sent it must be complete first, which the answer's arrival does; then it is taken.
            yield return In(0x61);
            atEntry = cpu.Injected.Count;
            yield return PowerOff;
        }
    }

    [Fact]
    public void While_interrupts_are_masked_the_machine_asks_for_a_window_and_injects_when_it_opens()
    {
        var (wanted, taken) = (false, -1);
        using var machine = new ScriptedMachine(Guest);

        machine.Run();

        Assert.True(wanted);
        Assert.Equal(0, taken);
        Assert.Equal([0x55], machine.Vcpu.Injected);
        Assert.Equal(1, machine.Machine.Statistics.Exits["interrupt window"]);
        Assert.False(machine.Vcpu.WantsInterruptWindow);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            yield return EnableApic;
            yield return SelfInterrupt(0x55);
            yield return In(0x61);
            (wanted, taken) = (cpu.WantsInterruptWindow, cpu.Injected.Count);
            cpu.InterruptsEnabled = true;
            yield return In(0x61);
            yield return In(0x61);
            yield return PowerOff;
        }
    }

    [Fact]
    public void Several_interrupts_come_one_after_the_other_by_priority_and_only_above_the_task_priority()
    {
        using var machine = new ScriptedMachine(Guest);

        machine.Run();

        Assert.Equal([0x91, 0x52, 0x33], machine.Vcpu.Injected);

        static IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            yield return EnableApic;
            yield return VmExit.TaskPriority(4);
            foreach (var vector in (byte[])[0x33, 0x91, 0x52])
                yield return SelfInterrupt(vector);
            cpu.InterruptsEnabled = true;
            yield return In(0x61);
            for (var i = 0; i < 2; i++)
            {
                yield return Apic(0xB0, 0);
                yield return In(0x61);
            }
            Assert.Equal([0x91, 0x52], cpu.Injected);
            yield return VmExit.TaskPriority(0);
            yield return In(0x61);
            yield return PowerOff;
        }
    }

    [Fact]
    public void A_vcpu_tells_of_its_task_priority_only_while_that_holds_an_interrupt_back()
    {
        var thresholds = new List<byte>();
        using var machine = new ScriptedMachine(Guest);

        machine.Run();

        Assert.Equal([0, 9, 3, 0], thresholds);
        Assert.Equal([0x91, 0x33], machine.Vcpu.Injected);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            cpu.InterruptsEnabled = true;
            yield return EnableApic;
            thresholds.Add(cpu.TaskPriorityThreshold);
            // As a guest does that need not tell: the APIC learns of it with the next exit.
            cpu.TaskPriority = 10;
            yield return SelfInterrupt(0x33);
            yield return SelfInterrupt(0x91);
            thresholds.Add(cpu.TaskPriorityThreshold);
            Assert.Empty(cpu.Injected);
            yield return Apic(0x80, 0x40);
            Assert.Equal([0x91], cpu.Injected);
            yield return Apic(0xB0, 0);
            thresholds.Add(cpu.TaskPriorityThreshold);
            yield return VmExit.TaskPriority(2);
            yield return Apic(0xB0, 0);
            thresholds.Add(cpu.TaskPriorityThreshold);
            yield return PowerOff;
        }
    }

    [Fact]
    public void A_window_that_nobody_needs_any_more_is_no_longer_asked_for()
    {
        var (before, after) = (false, true);
        using var machine = new ScriptedMachine(Guest);

        machine.Run();

        Assert.Equal((true, false), (before, after));

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            yield return EnableApic;
            yield return SelfInterrupt(0x55);
            yield return In(0x61);
            before = cpu.WantsInterruptWindow;
            yield return VmExit.TaskPriority(15);
            yield return In(0x61);
            after = cpu.WantsInterruptWindow;
            yield return PowerOff;
        }
    }

    [Fact]
    public void A_timer_wakes_a_halted_vcpu()
    {
        using var machine = new ScriptedMachine(Guest);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal([0x41], machine.Vcpu.Injected);
        Assert.True(machine.Machine.Statistics.Elapsed >= TimeSpan.FromMilliseconds(3));

        static IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            cpu.InterruptsEnabled = true;
            yield return EnableApic;
            yield return Apic(0x320, 0x41);
            yield return Apic(0x3E0, 0xB);
            yield return Apic(0x380, 3_000_000);
            yield return ScriptedVcpu.Halt;
            yield return PowerOff;
        }
    }

    [Fact]
    public async Task Serial_input_wakes_a_halted_vcpu()
    {
        using var halted = new ManualResetEventSlim();
        ulong received = 0;
        using var machine = new ScriptedMachine(Guest);
        var run = machine.Start(CancellationToken.None);
        halted.Wait();

        machine.Serial.Type((byte)'k');

        Assert.IsType<RunOutcome.PoweredOff>(await run.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal('k', received);
        Assert.Equal([0x24], machine.Vcpu.Injected);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            foreach (var exit in ProgramPic(4))
                yield return exit;
            yield return Out(0x3FC, 0x08);
            yield return Out(0x3F9, 0x01);
            cpu.InterruptsEnabled = true;
            halted.Set();
            while (cpu.Injected.Count == 0)
                yield return ScriptedVcpu.Halt;
            yield return In(0x3F8);
            received = cpu.Answer.Data;
            yield return PowerOff;
        }
    }

    [Fact]
    public async Task The_power_button_wakes_a_halted_vcpu_that_listens_to_it()
    {
        using var halted = new ManualResetEventSlim();
        ulong status = 0;
        using var machine = new ScriptedMachine(Guest);
        var heard = new List<bool> { machine.Machine.PressPowerButton() };
        var run = machine.Start(CancellationToken.None);
        halted.Wait();

        heard.Add(machine.Machine.PressPowerButton());

        Assert.IsType<RunOutcome.PoweredOff>(await run.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal([false, true], heard);
        Assert.Equal(0x100UL, status & 0x100);
        Assert.Equal([0x29], machine.Vcpu.Injected);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            var pm1 = AcpiPmLayout.Default.Pm1aEvent.Value;
            foreach (var exit in ProgramPic(9))
                yield return exit;
            yield return Out(AcpiPmLayout.SmiCommand.Value, AcpiPmLayout.AcpiEnable);
            yield return Out(pm1, 0x100, 2);
            yield return Out((ushort)(pm1 + 2), 0x100, 2);
            cpu.InterruptsEnabled = true;
            halted.Set();
            while (cpu.Injected.Count == 0)
                yield return ScriptedVcpu.Halt;
            yield return In(pm1, 2);
            status = cpu.Answer.Data;
            yield return PowerOff;
        }
    }

    [Fact]
    public async Task A_halted_vcpu_that_masks_interrupts_sleeps_on_and_costs_nothing()
    {
        using var halted = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        using var machine = new ScriptedMachine(Guest);
        var run = machine.Start(stop.Token);
        halted.Wait();
        await Task.Delay(50);
        var before = machine.Vcpu.Entries;
        await Task.Delay(200);

        Assert.InRange(machine.Vcpu.Entries - before, 0, 3);

        await stop.CancelAsync();
        Assert.IsType<RunOutcome.Stopped>(await run.WaitAsync(TimeSpan.FromSeconds(20)));

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            yield return EnableApic;
            yield return SelfInterrupt(0x55);
            halted.Set();
            while (true)
                yield return ScriptedVcpu.Halt;
        }
    }

    [Fact]
    public void An_nmi_to_oneself_is_given_to_the_vcpu_even_with_interrupts_masked()
    {
        using var machine = new ScriptedMachine(_ => [Apic(0x300, 0x4400), In(0x61), PowerOff]);

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal(1, machine.Vcpu.Nmis);
    }

    [Fact]
    public async Task An_nmi_from_another_thread_is_given_by_the_vcpus_own()
    {
        using var halted = new ManualResetEventSlim();
        using var machine = new ScriptedMachine(Guest);
        var run = machine.Start(CancellationToken.None);
        halted.Wait();

        machine.Serial.Type((byte)'!');

        Assert.IsType<RunOutcome.PoweredOff>(await run.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(1, machine.Vcpu.Nmis);
        Assert.Equal([machine.Vcpu.RunThread], machine.Vcpu.Callers);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            // IRQ 4 of the I/O APIC as NMI to APIC 0.
            yield return Store(0xFEC0_0000, 0x10 + 2 * 4);
            yield return Store(0xFEC0_0010, 0x400);
            yield return Out(0x3FC, 0x08);
            yield return Out(0x3F9, 0x01);
            halted.Set();
            while (cpu.Nmis == 0)
                yield return ScriptedVcpu.Halt;
            yield return PowerOff;
        }
    }
}
