using Ringmaster.Cpu.Exits;
using static Ringmaster.Machine.Tests.Running.GuestActions;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>Machines whose engine has all interrupt controllers itself while the guest runs.</summary>
public sealed class EngineControllersTests
{
    [Fact]
    public void The_engine_has_them_while_the_guest_runs_and_the_machine_has_them_afterwards()
    {
        var controllers = new ScriptedControllers();
        byte mask = 0;
        using var machine = new ScriptedMachine([Guest], fabric: new ScriptedFabric { Controllers = controllers });

        machine.Run();

        Assert.Equal(0xFF, mask);
        Assert.Null(controllers.Registers);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            mask = controllers.Registers!.Value.Master.Mask;
            yield return PowerOff;
        }
    }

    [Fact]
    public async Task What_the_guest_has_made_of_them_is_there_again_after_a_pause()
    {
        var changed = false;
        var controllers = new ScriptedControllers();
        using var stop = new CancellationTokenSource();
        using var machine = new ScriptedMachine([Guest], fabric: new ScriptedFabric { Controllers = controllers });
        var running = machine.Start(stop.Token);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref changed), 5000));

        machine.Machine.Pause();
        Assert.Null(controllers.Registers);
        machine.Machine.Resume();

        Assert.True(SpinWait.SpinUntil(() => controllers.Imports == 2, 5000));
        Assert.Equal((0xA5, 0x40, 0x1_0077UL), (controllers.Registers!.Value.Master.Mask, controllers.Registers.Value.Slave.VectorBase, controllers.Registers.Value.IoApic.Entries[9]));
        await stop.CancelAsync();
        Assert.IsType<RunOutcome.Stopped>(await running);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            var (master, slave, table) = controllers.Registers!.Value;
            var entries = table.Entries.ToArray();
            entries[9] = 0x1_0077;
            controllers.Registers = (master with { Mask = 0xA5 }, slave with { VectorBase = 0x40 }, table with { Entries = entries });
            Volatile.Write(ref changed, true);
            while (true)
                yield return ScriptedVcpu.Busy;
        }
    }

    [Fact]
    public void Devices_interrupts_go_to_the_engine()
    {
        var fabric = new ScriptedFabric();
        var controllers = fabric.Controllers = new ScriptedControllers();
        using var machine = new ScriptedMachine([Guest], fabric: fabric);

        machine.Run();

        Assert.Empty(machine.Vcpu.Injected);
        Assert.Empty(fabric.Sent);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            cpu.InterruptsEnabled = true;
            // COM1's transmitter is empty at once.
            yield return Out(0x3FC, 8);
            yield return Out(0x3F9, 2);
            Assert.Equal([(4, true)], controllers.PicInputs);
            Assert.Equal([(4, true)], controllers.IoApicInputs);
            yield return In(0x3FA);
            Assert.Equal([(4, true), (4, false)], controllers.PicInputs);
            Assert.Equal([(4, true), (4, false)], controllers.IoApicInputs);
            yield return PowerOff;
        }
    }
}
