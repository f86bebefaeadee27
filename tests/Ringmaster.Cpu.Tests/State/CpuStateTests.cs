using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Tests.State;

public sealed class CpuStateTests
{
    private const uint Signature = 0x000A_0F11;

    /// <summary>SDM 3A table 9-1.</summary>
    [Theory]
    [InlineData(0x8005_0033UL, 0x10UL)]
    [InlineData(0xE000_0011UL, 0x6000_0010UL)]
    [InlineData(0x4000_0010UL, 0x4000_0010UL)]
    public void An_init_keeps_the_caching_mode(ulong before, ulong after) =>
        Assert.Equal(after, new CpuState { Cr0 = before }.AfterInit(Signature).Cr0);

    [Fact]
    public void An_init_resets_what_execution_depends_on_and_keeps_the_rest()
    {
        var state = new CpuState
        {
            Rip = 1, Rflags = 0x246, Cr2 = 2, Cr3 = 3, Cr4 = 0x20, Cr8 = 4, Xcr0 = 7, Pkru = 8, Dr0 = 9, Dr6 = 10, Dr7 = 11, NmiBlocked = true, NmiPending = true,
            Pending = new PendingException(14, 0, PendingExceptionKind.HardwareException), StiShadow = true, Activity = ActivityState.Halted,
            Msr = MsrState.Reset with { Efer = 0xD01, TscOffset = 12, TscAdjust = 13, Pat = 14, MtrrDefaultType = 15, SysenterEip = 16 },
            Fpu = FpuState.Initial with { StatusWord = 17 },
        };
        state.Registers[3] = 18;

        var after = state.AfterInit(Signature);

        Assert.Equal((0xFFF0UL, 0xF000, 0xFFFF_0000UL, 2UL), (after.Rip, after.Cs.Selector, after.Cs.Base, after.Rflags));
        Assert.Equal((0UL, 0UL, 0UL, 0UL), (after.Cr2, after.Cr3, after.Cr4, after.Cr8));
        Assert.Equal((0UL, 0xFFFF_0FF0UL, 0x400UL), (after.Dr0, after.Dr6, after.Dr7));
        Assert.Equal((0UL, Signature), (after.Registers[3], (uint)after.Registers[2]));
        Assert.Equal((false, false, false, ActivityState.Running), (after.NmiBlocked, after.NmiPending, after.StiShadow, after.Activity));
        Assert.Null(after.Pending);
        Assert.Equal((7UL, 8U, 17), (after.Xcr0, after.Pkru, after.Fpu.StatusWord));
        Assert.Equal((0UL, 12UL, 13UL), (after.Msr.Efer, after.Msr.TscOffset, after.Msr.TscAdjust));
        Assert.Equal((14UL, 15UL, 16UL), (after.Msr.Pat, after.Msr.MtrrDefaultType, after.Msr.SysenterEip));
    }

    [Theory]
    [InlineData(0x00, 0x0000, 0x0_0000UL)]
    [InlineData(0x9A, 0x9A00, 0x9_A000UL)]
    [InlineData(0xFF, 0xFF00, 0xF_F000UL)]
    public void A_startup_ipi_starts_at_the_page_of_its_vector(byte vector, ushort selector, ulong address)
    {
        var state = new CpuState().AfterInit(Signature);

        state.StartUp(vector);

        Assert.Equal((selector, address, 0UL, ActivityState.Running), (state.Cs.Selector, state.Cs.Base, state.Rip, state.Activity));
        Assert.Equal(0xFFFFU, state.Cs.Limit);
    }

    [Fact]
    public void An_application_processor_waits_with_the_memory_types_of_the_bootstrap_processor()
    {
        var first = CpuState.PowerUp(Signature);
        first.Msr.MtrrDefaultType = 0x806;
        first.Msr.MtrrVariable[1] = 0xFFFF_F800;
        first.Cr3 = 0x1000;

        var other = first.AsApplicationProcessor(Signature);

        Assert.Equal((ActivityState.WaitForStartup, 0UL), (other.Activity, other.Cr3));
        Assert.Equal((0x806UL, 0xFFFF_F800UL), (other.Msr.MtrrDefaultType, other.Msr.MtrrVariable[1]));
    }
}
