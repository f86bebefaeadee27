using Ringmaster.Cpu.Kvm.State;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Kvm.Tests;

public sealed class ExtendedStateTests
{
    private const int AreaSize = 4096, ComponentBits = 512, ExtendedFeatures = 576;

    [Fact]
    public void All_components_come_back()
    {
        var state = new CpuState { Fpu = States.Floats(), Pkru = 0x5555_5554 };
        for (var i = 0; i < 8; i++)
            state.Fpu.Masks[i] = 0xF0 + (ulong)i;
        for (var i = 0; i < 32; i++)
            state.Fpu.Vectors[i][7] = 0x7777_0000UL + (ulong)i;
        var (form, area, back) = (new ExtendedState(XsaveLayout.Intel), new byte[AreaSize], new CpuState());

        form.Write(area, state);
        form.Read(area, back);

        Assert.Equal(FpuText(state.Fpu), FpuText(back.Fpu));
        Assert.Equal(state.Pkru, back.Pkru);
    }

    [Fact]
    public void Registers_lie_in_the_area_by_the_top_of_the_stack()
    {
        var state = new CpuState { Fpu = States.Floats() };
        var area = new byte[AreaSize];

        new ExtendedState(XsaveLayout.Intel).Write(area, state);

        // TOP is 5: ST(0) is R5, and ST(3) is R0 (SDM 1 8.1.2).
        Assert.Equal(state.Fpu.Registers[5].Significand, BitConverter.ToUInt64(area, 32));
        Assert.Equal(state.Fpu.Registers[0].Significand, BitConverter.ToUInt64(area, 32 + 3 * 16));
        Assert.Equal(state.Fpu.Vectors[1][2], BitConverter.ToUInt64(area, ExtendedFeatures + 16));
    }

    [Fact]
    public void A_component_that_is_not_there_is_initial()
    {
        var state = new CpuState { Fpu = States.Floats(), Pkru = 4 };
        var (form, area, back) = (new ExtendedState(XsaveLayout.Intel), new byte[AreaSize], new CpuState());
        form.Write(area, state);
        area.AsSpan(ComponentBits, 8).Clear();

        form.Read(area, back);

        // MXCSR is in no component's charge (SDM 1 13.6).
        var expected = FpuState.Initial with { Mxcsr = state.Fpu.Mxcsr };
        Assert.Equal(FpuText(expected), FpuText(back.Fpu));
        Assert.Equal(0u, back.Pkru);
    }

    [Fact]
    public void A_host_without_AVX_gets_what_it_has()
    {
        var state = new CpuState { Fpu = States.Floats() };
        var area = new byte[ExtendedFeatures];

        new ExtendedState(XsaveLayout.Intel.For(CpuFeatureSet.Empty)).Write(area, state);

        Assert.Equal(3UL, BitConverter.ToUInt64(area, ComponentBits));
    }

    internal static string FpuText(FpuState fpu) => string.Join(' ',
    [
        $"{fpu.ControlWord:X} {fpu.StatusWord:X} {fpu.TagWord:X} {fpu.LastOpcode:X} {fpu.LastInstruction:X} {fpu.LastData:X} {fpu.Mxcsr:X}",
        .. Enumerable.Range(0, 8).Select(i => $"{fpu.Registers[i].SignExponent:X}:{fpu.Registers[i].Significand:X}"),
        .. Enumerable.Range(0, 32).Select(i => string.Join(',', Enumerable.Range(0, 8).Select(word => fpu.Vectors[i][word].ToString("X")))),
        .. Enumerable.Range(0, 8).Select(i => fpu.Masks[i].ToString("X")),
    ]);
}
