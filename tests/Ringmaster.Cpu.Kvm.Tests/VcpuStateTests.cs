using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Kvm.Tests;

/// <summary>States through the kernel and back, without running anything.</summary>
public sealed class VcpuStateTests
{
    [KvmDeviceFact]
    public void A_state_of_64_bit_code_comes_back()
    {
        var back = ThereAndBack(States.LongMode());

        Assert.Equal(StateText.Of(States.LongMode()), StateText.Of(back));
    }

    [KvmDeviceFact("avx")]
    public void A_state_of_Intels_64_bit_code_comes_back_on_any_host()
    {
        var back = ThereAndBack(States.LongModeOfIntel(), "x86-64-v2,-vme,-invtsc,+xsave,+avx");

        Assert.Equal(StateText.Of(States.LongModeOfIntel()), StateText.Of(back));
    }

    [KvmDeviceFact]
    public void The_state_after_power_up_comes_back()
    {
        var back = ThereAndBack(CpuState.PowerUp(0x800F12));

        Assert.Equal(StateText.Of(CpuState.PowerUp(0x800F12)), StateText.Of(back));
    }

    [KvmDeviceFact]
    public void What_waits_and_what_holds_it_off_comes_back()
    {
        var state = States.LongMode();
        (state.NmiBlocked, state.NmiPending) = (true, true);
        state.Pending = new PendingException(14, 6, PendingExceptionKind.HardwareException);

        var back = ThereAndBack(state);

        Assert.Equal((true, true, state.Pending), (back.NmiBlocked, back.NmiPending, back.Pending));
    }

    [KvmDeviceFact]
    public void A_halted_vcpu_stays_halted()
    {
        var state = States.LongMode();
        state.Activity = ActivityState.Halted;

        Assert.Equal(ActivityState.Halted, ThereAndBack(state).Activity);
    }

    [KvmDeviceFact]
    public void A_kick_is_not_lost_while_the_vcpu_halts()
    {
        using var memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
        using var engine = KvmEngine.Create();
        using var vcpu = Vcpus.Create(engine, memory);
        var state = CpuState.PowerUp(0);
        state.Activity = ActivityState.Halted;
        vcpu.Import(state);

        Assert.Equal(Exits.VmExitKind.Halt, vcpu.Run(Exits.ExitAnswer.Done).Kind);
        vcpu.Kick();
        Assert.Equal(Exits.VmExitKind.Kicked, vcpu.Run(Exits.ExitAnswer.Done).Kind);
        Assert.Equal(Exits.VmExitKind.Halt, vcpu.Run(Exits.ExitAnswer.Done).Kind);
    }

    [KvmDeviceFact]
    public void A_state_that_no_processor_can_have_is_refused_in_words()
    {
        var state = States.LongMode();
        // Long mode without PAE.
        state.Cr4 &= ~0x20UL;

        var refusal = Assert.Throws<KvmException>(() => ThereAndBack(state));

        Assert.Contains("refuses the state of vCPU 0", refusal.Message, StringComparison.Ordinal);
    }

    [KvmDeviceFact]
    public void Addresses_are_translated_by_the_guests_tables_and_leave_no_trace()
    {
        using var memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
        using var engine = KvmEngine.Create();
        using var vcpu = Vcpus.Create(engine, memory);
        memory.TryWrite(new(0x7000), 0x8003UL);
        memory.TryWrite(new(0x8000), 0x9003UL);
        // A large page at 0.
        memory.TryWrite(new(0x9000), 0x83UL);
        vcpu.Import(States.LongMode());

        Assert.Equal(new GuestPhysicalAddress(0x1234), vcpu.Translate(new LinearAddress(0x1234)));
        Assert.Null(vcpu.Translate(new LinearAddress(0x20_0000)));
        Assert.True(memory.TryRead(new(0x9000), out ulong entry));
        Assert.Equal(0x83UL, entry);
    }

    [KvmDeviceFact]
    public void Vcpus_of_one_memory_belong_to_one_VM_and_may_come_and_go()
    {
        using var memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
        using var engine = KvmEngine.Create();
        var first = Vcpus.Create(engine, memory);
        using var second = Vcpus.Create(engine, memory, 1);

        first.Dispose();
        first.Kick();
        using var again = Vcpus.Create(engine, memory, 2);

        second.Import(CpuState.PowerUp(0));
        again.Import(CpuState.PowerUp(0));
    }

    [KvmDeviceFact("kvmclock")]
    public void Registers_of_KVMs_interfaces_come_back()
    {
        var state = States.LongMode();
        state.Paravirtual = new ParavirtualState { KvmSystemTime = 0x5001, KvmWallClock = 0x5100 };

        var back = ThereAndBack(state, "host,+kvmclock").Paravirtual;

        Assert.Equal((0x5001UL, 0x5100UL), (back.KvmSystemTime, back.KvmWallClock));
    }

    [KvmDeviceFact("hv-reference-tsc")]
    public void Registers_of_Hyper_V_come_back()
    {
        var state = States.LongMode();
        state.Paravirtual = new ParavirtualState { HyperVGuestId = 0x8100_0000_0000_0000, HyperVHypercall = 0x6001, HyperVReferenceTsc = 0x7001 };

        var back = ThereAndBack(state, "host,+hv-hypercall,+hv-vp-index,+hv-time-ref-count,+hv-reference-tsc").Paravirtual;

        Assert.Equal((0x8100_0000_0000_0000UL, 0x6001UL, 0x7001UL), (back.HyperVGuestId, back.HyperVHypercall, back.HyperVReferenceTsc));
    }

    [KvmDeviceFact("kvmclock")]
    public void What_all_vcpus_share_does_not_change_when_another_comes()
    {
        using var memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
        using var engine = KvmEngine.Create();
        using var first = Vcpus.Create(engine, memory, 0, "host,+kvmclock");
        var state = States.LongMode();
        state.Paravirtual.KvmWallClock = 0x5100;
        first.Import(state);

        using var second = Vcpus.Create(engine, memory, 1, "host,+kvmclock");
        second.Import(CpuState.PowerUp(0));
        first.Export(state);

        Assert.Equal(0x5100UL, state.Paravirtual.KvmWallClock);
    }

    [KvmDeviceFact]
    public void A_guest_that_uses_what_its_vcpu_lacks_is_refused_by_name()
    {
        var state = States.LongMode();
        state.Paravirtual.KvmSystemTime = 0x5001;

        var refusal = Assert.Throws<StateRefusedException>(() => ThereAndBack(state));

        Assert.Contains("MSR_KVM_SYSTEM_TIME_NEW (4B564D01), of the CPU feature 'kvmclock'", refusal.Message, StringComparison.Ordinal);
    }

    private static CpuState ThereAndBack(CpuState state, string cpu = "host")
    {
        using var memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
        using var engine = KvmEngine.Create();
        using var vcpu = Vcpus.Create(engine, memory, 0, cpu);
        var back = new CpuState();

        vcpu.Import(state);
        vcpu.Export(back);

        return back;
    }
}
