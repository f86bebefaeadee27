using Ringmaster.Cpu.Exits;
using Ringmaster.Memory;
using static Ringmaster.Machine.Tests.Running.GuestActions;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>Machines whose engine has the local APICs itself while the guest runs.</summary>
public sealed class EngineApicTests
{
    private const int SpuriousVector = 0xF, LvtLint0 = 0x35;

    [Fact]
    public void The_engine_has_the_local_APICs_while_the_guest_runs_and_the_machine_has_them_afterwards()
    {
        var fabric = new ScriptedFabric();
        uint lint0 = 0;
        using var machine = new ScriptedMachine([Guest], fabric: fabric);

        machine.Run();

        // Virtual wire, as direct boot has it.
        Assert.Equal(0x700u, lint0);
        Assert.Null(fabric.Apics[0].Registers);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            lint0 = fabric.Apics[0].Registers!.Page[LvtLint0];
            yield return PowerOff;
        }
    }

    [Fact]
    public async Task What_the_guest_has_made_of_it_is_there_again_after_a_pause()
    {
        var changed = false;
        var fabric = new ScriptedFabric();
        using var stop = new CancellationTokenSource();
        using var machine = new ScriptedMachine([Guest], fabric: fabric);
        var running = machine.Start(stop.Token);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref changed), 5000));

        machine.Machine.Pause();
        Assert.Null(fabric.Apics[0].Registers);
        machine.Machine.Resume();

        Assert.True(SpinWait.SpinUntil(() => fabric.Apics[0].Registers is not null, 5000));
        Assert.Equal(0x1FFu, fabric.Apics[0].Registers!.Page[SpuriousVector]);
        Assert.Equal(2, fabric.Apics[0].Imports);
        await stop.CancelAsync();
        Assert.IsType<RunOutcome.Stopped>(await running);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            fabric.Apics[0].Registers!.Page[SpuriousVector] = 0x1FF;
            Volatile.Write(ref changed, true);
            while (true)
                yield return ScriptedVcpu.Busy;
        }
    }

    [Fact]
    public void Interrupts_of_the_IO_APIC_go_to_the_engine_and_their_ends_come_back()
    {
        var fabric = new ScriptedFabric();
        using var machine = new ScriptedMachine([Guest], fabric: fabric);

        machine.Run();

        Assert.Empty(machine.Vcpu.Injected);

        IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            cpu.InterruptsEnabled = true;
            // The entry of COM1, level-triggered; its transmitter is empty at once.
            yield return IoApic(0x10 + 2 * 4 + 1);
            yield return IoApicData(0);
            yield return IoApic(0x10 + 2 * 4);
            yield return IoApicData(0x8041);
            Assert.Equal((byte)0x41, fabric.Levels[4]!.Value.Vector);
            yield return VmExit.PortWrite(new IoPort(0x3FC), 1, 8);
            yield return VmExit.PortWrite(new IoPort(0x3F9), 1, 2);
            Assert.Equal([0x41], fabric.Sent.Select(m => (int)m.Vector));
            Assert.True(fabric.Sent[0].IsLevel);
            // Nobody has read the reason, so it comes again.
            yield return VmExit.EndOfInterrupt(0x41);
            yield return In(0x61);
            Assert.Equal([0x41, 0x41], fabric.Sent.Select(m => (int)m.Vector));
            yield return PowerOff;
        }

        static VmExit IoApic(byte register) => VmExit.MmioWrite(new GuestPhysicalAddress(0xFEC0_0000), 4, register);

        static VmExit IoApicData(uint value) => VmExit.MmioWrite(new GuestPhysicalAddress(0xFEC0_0010), 4, value);
    }

    [Fact]
    public void A_processor_that_waits_for_its_start_is_entered_so_that_the_engine_can_start_it()
    {
        var fabric = new ScriptedFabric();
        using var machine = new ScriptedMachine([First, Second], fabric: fabric);

        machine.Run();

        Assert.True(machine.Engine.Vcpus[1].Entries > 0);
        Assert.Equal(0, machine.Engine.Vcpus[1].Starts);

        static IEnumerable<VmExit> First(ScriptedVcpu cpu)
        {
            while (cpu.Peers[1].Entries == 0)
                yield return In(0x61);
            yield return PowerOff;
        }

        static IEnumerable<VmExit> Second(ScriptedVcpu cpu)
        {
            while (true)
                yield return ScriptedVcpu.Busy;
        }
    }

    [Fact]
    public void The_8259_interrupts_as_always()
    {
        using var machine = new ScriptedMachine([Guest], fabric: new ScriptedFabric());

        machine.Run();

        Assert.Equal([0x20], machine.Vcpu.Injected);

        static IEnumerable<VmExit> Guest(ScriptedVcpu cpu)
        {
            cpu.InterruptsEnabled = true;
            foreach (var (port, value) in ((ushort, byte)[])[(0x20, 0x11), (0x21, 0x20), (0x21, 4), (0x21, 1), (0x21, 0xFE)])
                yield return VmExit.PortWrite(new IoPort(port), 1, value);
            // The timer's channel 0, which starts with its output low and has it high after one tick.
            foreach (var (port, value) in ((ushort, byte)[])[(0x43, 0x30), (0x40, 1), (0x40, 0)])
                yield return VmExit.PortWrite(new IoPort(port), 1, value);
            for (var i = 0; i < 1000 && cpu.Injected.Count == 0; i++)
            {
                Thread.Sleep(1);
                yield return In(0x61);
            }
            yield return PowerOff;
        }
    }
}
