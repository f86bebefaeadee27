using Ringmaster.Cpu.Exits;
using Ringmaster.Devices.Chipset.HotPlug;
using Ringmaster.Devices.Network;
using Ringmaster.Machine.Configuration;
using static Ringmaster.Machine.Tests.Running.GuestActions;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>Devices that come and go, with guests that do not follow the rules.</summary>
public sealed class HotPlugTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly ushort s_ports = PciHotplugPorts.Ports.Value;
    private static readonly NetConfig s_net = new(NetKind.Switch) { Mac = new MacAddress(0x0200_0000_0001) };

    [Fact]
    public async Task A_device_that_an_inattentive_guest_was_asked_for_leaves_with_a_reset()
    {
        using var machine = new ScriptedMachine(ResetsOnce);
        var cable = new Cable();
        var leaving = machine.Machine.Unplug(machine.Machine.Plug(s_net, cable));
        var wasThere = machine.Machine.Devices.Any(d => d.Name == "net0") && !leaving.IsCompleted;

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        await leaving.WaitAsync(s_patience);
        Assert.True(wasThere);
        Assert.DoesNotContain(machine.Machine.Devices, d => d.Name == "net0");
        Assert.Equal((cable, false), (Assert.Single(machine.Left), cable.IsConnected));

        static IEnumerable<VmExit> ResetsOnce(ScriptedVcpu cpu) => [cpu.Imports == 2 ? PowerOff : Out(0xCF9, 6)];
    }

    [Fact]
    public void A_device_that_nobody_asked_for_stays_over_a_reset()
    {
        using var machine = new ScriptedMachine(cpu => [cpu.Imports == 2 ? PowerOff : Out(0xCF9, 6)]);
        machine.Machine.Plug(s_net, new Cable());

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Contains(machine.Machine.Devices, d => d.Name == "net0");
        Assert.Empty(machine.Left);
    }

    [Fact]
    public void A_guest_that_ejects_everything_loses_only_what_may_leave()
    {
        using var machine = new ScriptedMachine(_ => [Out((ushort)(s_ports + 8), uint.MaxValue, 4), Out((ushort)(s_ports + 8), uint.MaxValue, 4), PowerOff]);
        machine.Machine.Plug(s_net, new Cable());
        var before = machine.Machine.Devices.Count;

        Assert.IsType<RunOutcome.PoweredOff>(machine.Run());

        Assert.Equal(before - 1, machine.Machine.Devices.Count);
        Assert.True(SpinWait.SpinUntil(() => machine.Left.Count == 1, s_patience));
    }

    [Fact]
    public void Slots_and_names_are_free_again_and_come_to_an_end()
    {
        using var machine = new ScriptedMachine(_ => [PowerOff]);
        var names = new List<string>();

        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            while (names.Count < 100)
                names.Add(machine.Machine.Plug(s_net, new Cable()));
        });

        Assert.Contains("All slots", error.Message, StringComparison.Ordinal);
        Assert.Equal(28, names.Count);
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Contains("already", Assert.Throws<InvalidOperationException>(() => machine.Machine.Plug(s_net with { Id = "net3" }, new Cable())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processors_come_only_while_the_machine_runs()
    {
        using var machine = new ScriptedMachine(_ => [PowerOff]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => machine.Machine.SetCpus(2));
        await Assert.ThrowsAsync<InvalidOperationException>(() => machine.Machine.SetCpus(0));
        await machine.Machine.SetCpus(1);

        Assert.Equal(1, machine.Machine.Cpus);
    }

    private sealed class Cable : INetworkBackend
    {
        public bool TakesOffloads => false;

        public bool IsConnected { get; private set; }

        public void Send(ReadOnlySpan<byte> frame, in FrameOffload offload)
        {
        }

        public void Connect(FrameReceiver? receiver) => IsConnected = receiver is not null;

        public void ReceiverReady()
        {
        }
    }
}
