using Ringmaster.Cpu.State;

namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>The registers that a case starts with.</summary>
internal static class InitialState
{
    private static readonly SegmentAttributes s_code64 = new(0xA09B), s_code32 = new(0xC09B), s_data = new(0xC093);

    public static CpuState Of(GuestMode mode)
    {
        var state = CpuState.PowerUp(0);
        state.Fpu = FpuState.Initial;
        if (mode == GuestMode.Real)
        {
            SetReal(state, SegmentAttributes.RealModeCode, SegmentAttributes.RealModeData);
            state.Idtr = new DescriptorTable(0, 0x3FF);
            return state;
        }
        SetTables(state, mode.IsLong());
        state.Cr0 |= 1;
        if (mode.IsVirtual8086())
        {
            SetReal(state, new SegmentAttributes(0xF3), new SegmentAttributes(0xF3));
            state.Rflags |= 0x2_0000 | (mode == GuestMode.Virtual8086 ? 0x3000UL : 0);
            return state;
        }
        var level = mode.IsUser() ? 3 : 0;
        var selector = mode.Is64Bit()
            ? level == 0 ? Selectors.Code64 : Selectors.UserCode64
            : level == 0 ? Selectors.Code32 : Selectors.UserCode32;
        state.Cs = Flat((ushort)(selector | level), (mode.Is64Bit() ? s_code64 : s_code32).WithPrivilegeLevel(level));
        var data = Flat((ushort)((level == 0 ? Selectors.Data : Selectors.UserData) | level), s_data.WithPrivilegeLevel(level));
        (state.Ss, state.Ds, state.Es, state.Fs, state.Gs) = (data, data, data, data, data);
        state.Rip = Layout.Code;
        state.Registers[4] = level == 0 ? Layout.KernelStack : Layout.UserStack;
        SetPaging(state, mode);
        return state;
    }

    private static void SetPaging(CpuState state, GuestMode mode)
    {
        if (mode is GuestMode.Kernel32 or GuestMode.User32)
            return;
        state.Cr0 |= 0x8000_0000;
        state.Cr3 = PageTables.Root(mode);
        state.Cr4 = mode.IsTwoLevel() ? 0 : mode.IsFiveLevel() ? 0x1020u : 0x20;
        if (mode.IsPae())
            state.Pdpte0 = PageTables.FirstPdpte;
        if (mode.IsLong())
            state.Msr.Efer = 0x501;
    }

    private static Segment Flat(ushort selector, SegmentAttributes attributes) => new(selector, 0, uint.MaxValue, attributes);

    private static void SetReal(CpuState state, SegmentAttributes code, SegmentAttributes data)
    {
        state.Cs = new Segment((ushort)(Layout.Code >> 4), Layout.Code, 0xFFFF, code);
        var segment = new Segment((ushort)(Layout.Data >> 4), Layout.Data, 0xFFFF, data);
        (state.Ds, state.Es, state.Fs, state.Gs) = (segment, segment, segment, segment);
        state.Ss = new Segment(0x2800, 0x2_8000, 0xFFFF, data);
        state.Rip = 0;
        state.Registers[4] = 0x8000;
    }

    private static void SetTables(CpuState state, bool isLong)
    {
        state.Gdtr = new DescriptorTable(Layout.Gdt, 0x137);
        state.Idtr = new DescriptorTable(Layout.Idt, (ushort)(isLong ? 0xFFF : 0x7FF));
        state.Tr = new Segment(Selectors.Tss, Layout.Tss, 0x110, new SegmentAttributes(0x8B));
        state.Ldtr = new Segment(Selectors.Ldt, Layout.Ldt, 0xFF, new SegmentAttributes(0x82));
    }
}
