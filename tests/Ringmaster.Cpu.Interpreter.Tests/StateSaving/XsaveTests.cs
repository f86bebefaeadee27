using System.Buffers.Binary;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Tests.HarnessX87;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Tests.StateSaving;

/// <summary>XSAVE and its kin: layout, init optimisation, checks of the header.</summary>
public sealed class XsaveTests : IDisposable
{
    private const ulong Area = InterpretedFloat.MemoryAddress;
    private const int AreaSize = 0x1000, Header = 512, AvxOffset = 576;
    private const string Xsave = "480FAE26", Xsaveopt = "480FAE36", Xsavec = "480FC726", Xsaves = "480FC72E", Xrstor = "480FAE2E",
        Xrstors = "480FC71E", Xgetbv = "0F01D0", Xsetbv = "0F01D1";

    private readonly InterpretedFloat _machine = new(WithAllForms());

    public void Dispose() => _machine.Dispose();

    /// <summary>The host's processor, and XSAVEOPT, XSAVEC and XSAVES whether it has them or not.</summary>
    private static CpuidTable WithAllForms()
    {
        var forms = HostCpuid.Read()[0xD, 1];
        return HostCpuid.Read((0xD, 1, forms with { Eax = forms.Eax | 0xF }));
    }

    [Theory]
    [InlineData(Xsave, Xrstor)]
    [InlineData(Xsaveopt, Xrstor)]
    [InlineData(Xsavec, Xrstor)]
    [InlineData(Xsaves, Xrstors)]
    [InlineData(Xsavec, Xrstors)]
    public void What_is_saved_is_restored(string save, string restore)
    {
        Fill();
        var before = _machine.Cpu.Fpu;
        Assert.Equal(Status.Next, Run(save, 7));

        _machine.Cpu.Fpu = FpuState.PowerUp;
        Assert.Equal(Status.Next, Run(restore, 7));

        AssertEqual(before, _machine.Cpu.Fpu);
    }

    [Fact]
    public void Xsave_puts_upper_halves_where_leaf_D_says()
    {
        Fill();

        Run(Xsave, 7);

        Assert.Equal(7UL, ReadUInt64(Header));
        Assert.Equal(0UL, ReadUInt64(Header + 8));
        Assert.Equal(_machine.Cpu.Fpu.Vectors[3][2], ReadUInt64(AvxOffset + 16 * 3));
        Assert.Equal(_machine.Cpu.Fpu.Vectors[3][0], ReadUInt64(160 + 16 * 3));
    }

    [Fact]
    public void Xsave_keeps_the_header_bits_of_other_components()
    {
        Fill();
        WriteUInt64(Header, 4);

        Run(Xsave, 2);

        Assert.Equal(6UL, ReadUInt64(Header));
    }

    [Fact]
    public void Xsavec_leaves_out_what_is_in_its_initial_configuration()
    {
        _machine.Cpu.Fpu = FpuState.Initial;
        WriteUInt64(AvxOffset, 0x1234);

        Run(Xsavec, 7);

        Assert.Equal(0UL, ReadUInt64(Header) & 4);
        Assert.Equal(0x8000_0000_0000_0007UL, ReadUInt64(Header + 8));
        Assert.Equal(0x1234UL, ReadUInt64(AvxOffset));
    }

    [Fact]
    public void Xrstor_initializes_what_the_area_does_not_hold()
    {
        Fill();
        _machine.Memory(Area, AreaSize).Clear();
        WriteUInt32(24, 0x1F80);

        Assert.Equal(Status.Next, Run(Xrstor, 7));

        AssertEqual(FpuState.Initial, _machine.Cpu.Fpu);
    }

    [Theory]
    [InlineData("reserved bit of XSTATE_BV", Xrstor, Header, 0x100UL)]
    [InlineData("component that XCR0 does not enable", Xrstor, Header, 0x20UL)]
    [InlineData("XCOMP_BV without its top bit", Xrstor, Header + 8, 1UL)]
    [InlineData("bytes 16 to 23", Xrstor, Header + 16, 1UL)]
    [InlineData("XSTATE_BV beyond XCOMP_BV", Xrstor, Header + 8, 0x8000_0000_0000_0000UL)]
    [InlineData("XCOMP_BV beyond XCR0", Xrstor, Header + 8, 0x8000_0000_0000_0107UL)]
    [InlineData("reserved bit of MXCSR", Xrstor, 24, 0x8000_0000UL)]
    [InlineData("standard format", Xrstors, Header + 8, 0UL)]
    public void Illegal_areas_raise_general_protection(string what, string instruction, int offset, ulong value)
    {
        Fill();
        var before = _machine.Cpu.Fpu;
        _machine.Memory(Area, AreaSize).Clear();
        WriteUInt64(Header, 7);
        WriteUInt32(24, 0x1F80);
        WriteUInt64(offset, value);

        var status = Run(instruction, 7);

        Assert.True(status == Status.Fault, what);
        Assert.Equal((byte)Vector.GeneralProtection, _machine.Cpu.Pending.Vector);
        AssertEqual(before, _machine.Cpu.Fpu);
    }

    [Theory]
    [InlineData(Xsave, 32)]
    [InlineData(Xsavec, 16)]
    [InlineData(Xrstor, 8)]
    public void Unaligned_areas_raise_general_protection(string instruction, int offset)
    {
        Assert.Equal(Status.Fault, Run(instruction, 7, Area + (ulong)offset));
        Assert.Equal((byte)Vector.GeneralProtection, _machine.Cpu.Pending.Vector);
    }

    [Theory]
    [InlineData(7UL, true)]
    [InlineData(3UL, true)]
    [InlineData(1UL, true)]
    [InlineData(0xE7UL, true)]
    [InlineData(0UL, false)]
    [InlineData(6UL, false)]
    [InlineData(5UL, false)]
    [InlineData(0x27UL, false)]
    [InlineData(0xE3UL, false)]
    [InlineData(0x4000_0000_0000_0007UL, false)]
    public void Xsetbv_takes_legal_combinations_only(ulong value, bool legal)
    {
        _machine.Cpu.R[1] = 0;

        var status = Run(Xsetbv, value);

        // The wider vectors are legal where the model has them.
        var supported = (value & ~(ulong)_machine.Cpu.Cpuid[0xD, 0].Eax) == 0;
        Assert.Equal(legal && supported ? Status.Next : Status.Fault, status);
        Assert.Equal(legal && supported ? value : 7UL, _machine.Cpu.Xcr0);
    }

    [Fact]
    public void Xgetbv_returns_the_enabled_components()
    {
        _machine.Cpu.R[1] = 0;

        Assert.Equal(Status.Next, Run(Xgetbv, ulong.MaxValue));

        Assert.Equal(7UL, _machine.Cpu.R[0]);
        Assert.Equal(0UL, _machine.Cpu.R[2]);
    }

    private Status Run(string instruction, ulong components, ulong address = Area)
    {
        _machine.Prepare(Convert.FromHexString(instruction));
        (_machine.Cpu.R[0], _machine.Cpu.R[2]) = ((uint)components, components >> 32);
        _machine.Cpu.R[6] = address;
        return _machine.Execute();
    }

    private void Fill()
    {
        var samples = new FloatSamples(1);
        var input = samples.Case();
        _machine.Load(ref input);
        (_machine.Cpu.Fpu.LastOpcode, _machine.Cpu.Fpu.LastInstruction, _machine.Cpu.Fpu.LastData) = (0, 0, 0);
        for (var i = 0; i < 16; i++)
            (_machine.Cpu.Fpu.Vectors[i][2], _machine.Cpu.Fpu.Vectors[i][3]) = (samples.NextBits(), samples.NextBits());
    }

    private static void AssertEqual(in FpuState expected, in FpuState actual)
    {
        Assert.Equal((expected.ControlWord, expected.StatusWord, expected.TagWord, expected.Mxcsr),
            (actual.ControlWord, actual.StatusWord, actual.TagWord, actual.Mxcsr));
        for (var i = 0; i < 8; i++)
            Assert.Equal(expected.Registers[i], actual.Registers[i]);
        for (var i = 0; i < 16; i++)
        {
            for (var word = 0; word < 4; word++)
                Assert.Equal(expected.Vectors[i][word], actual.Vectors[i][word]);
        }
    }

    private ulong ReadUInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_machine.Memory(Area, AreaSize)[offset..]);

    private void WriteUInt64(int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_machine.Memory(Area, AreaSize)[offset..], value);

    private void WriteUInt32(int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(_machine.Memory(Area, AreaSize)[offset..], value);
}
