using Ringmaster.Cpu.Kvm.Execution;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Tests;

public sealed unsafe class KickGateTests : IDisposable
{
    private readonly KvmRunArea* _area = (KvmRunArea*)System.Runtime.InteropServices.NativeMemory.AllocZeroed((nuint)sizeof(KvmRunArea));

    [Fact]
    public void A_kick_before_entry_keeps_the_vcpu_out_until_it_is_taken()
    {
        var gate = new KickGate(_area);

        gate.Kick();
        gate.Enter(returnsAtOnce: false);

        Assert.Equal(1, _area->ImmediateExit);
        gate.Leave();
        Assert.True(gate.Take());
        Assert.False(gate.Take());
        gate.Enter(returnsAtOnce: false);
        Assert.Equal(0, _area->ImmediateExit);
    }

    [Fact]
    public void A_kick_of_a_vcpu_inside_stays_noted()
    {
        var gate = new KickGate(_area);
        gate.Enter(returnsAtOnce: false);

        // The signal comes to this very thread and does nothing.
        gate.Kick();

        gate.Leave();
        Assert.True(gate.Take());
    }

    [Fact]
    public void Settling_is_no_kick()
    {
        var gate = new KickGate(_area);

        gate.Enter(returnsAtOnce: true);

        Assert.Equal(1, _area->ImmediateExit);
        Assert.False(gate.Take());
    }

    [Fact]
    public void A_closed_gate_touches_nothing()
    {
        var gate = new KickGate(_area);
        gate.Close();

        gate.Kick();

        Assert.Equal(0, _area->ImmediateExit);
    }

    public void Dispose() => System.Runtime.InteropServices.NativeMemory.Free(_area);
}
