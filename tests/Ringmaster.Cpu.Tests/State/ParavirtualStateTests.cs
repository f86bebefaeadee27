using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Tests.State;

public sealed class ParavirtualStateTests
{
    [Fact]
    public void Every_register_has_a_number_a_place_and_a_feature_of_its_own()
    {
        var state = default(ParavirtualState);
        foreach (var (register, value) in ParavirtualRegister.All.Select((r, i) => (r, (ulong)i + 1)))
            register.In(ref state) = value;

        Assert.Equal(Enumerable.Range(1, ParavirtualRegister.All.Count).Select(i => (ulong)i), ParavirtualRegister.All.Select(r => r.In(ref state)));
        Assert.Equal(ParavirtualRegister.All.Count, ParavirtualRegister.All.DistinctBy(r => r.Index).Count());
        Assert.All(ParavirtualRegister.All, r => Assert.NotNull(CpuFeatureCatalog.Get(r.Feature).Paravirtual));
    }

    [Fact]
    public void The_registers_are_the_whole_state()
    {
        var words = System.Runtime.CompilerServices.Unsafe.SizeOf<ParavirtualState>() / sizeof(ulong);

        Assert.Equal(words, ParavirtualRegister.All.Count);
    }

    [Fact]
    public void The_first_register_in_use_is_named()
    {
        Assert.Null(ParavirtualRegister.FirstInUse(default));
        Assert.Equal("HV_X64_MSR_STIMER1_COUNT (400000B3)", ParavirtualRegister.FirstInUse(WithTimer())?.ToString());

        static ParavirtualState WithTimer()
        {
            var state = default(ParavirtualState);
            state.HyperVTimers[3] = 7;
            return state;
        }
    }

    [Fact]
    public void An_INIT_leaves_what_all_processors_share()
    {
        var state = CpuState.PowerUp(0);
        state.Paravirtual = new ParavirtualState { KvmSystemTime = 0x1001, KvmStealTime = 0x2001, HyperVGuestId = 3, HyperVHypercall = 0x3001 };

        var after = state.AfterInit(0).Paravirtual;

        Assert.Equal((0UL, 0UL, 3UL, 0x3001UL), (after.KvmSystemTime, after.KvmStealTime, after.HyperVGuestId, after.HyperVHypercall));
    }
}
