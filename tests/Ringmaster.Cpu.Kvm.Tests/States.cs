using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Kvm.Tests;

/// <summary>States whose every field has a value of its own.</summary>
internal static class States
{
    /// <summary>64-bit user code with everything in use that a processor of ten years ago has, of the host's vendor.</summary>
    public static CpuState LongMode()
    {
        var state = LongModeOfIntel();
        // AMD's processors, and KVM on them, have 32 bits of SYSENTER's registers: it is not there in long mode (APM 2 6.1.2).
        if (HostCpu.IsAmd)
            (state.Msr.SysenterEsp, state.Msr.SysenterEip) = ((uint)state.Msr.SysenterEsp, (uint)state.Msr.SysenterEip);
        return state;
    }

    /// <summary>The same of a processor of Intel's.</summary>
    public static CpuState LongModeOfIntel()
    {
        var state = CpuState.PowerUp(0);
        for (var i = 0; i < 16; i++)
            state.Registers[i] = 0x1111_2222_3333_0000UL + (ulong)i;
        state.Rip = 0x40_1000;
        state.Rflags = 0x4_0AD7;
        state.Cr0 = 0x8005_003B;
        state.Cr2 = 0x1234_5000;
        state.Cr3 = 0x7000;
        state.Cr4 = 0x0004_06F0;
        state.Cr8 = 5;
        state.Cs = new Segment(0x33, 0, uint.MaxValue, new SegmentAttributes(0xA0FB));
        state.Ss = new Segment(0x2B, 0, uint.MaxValue, new SegmentAttributes(0xC0F3));
        state.Ds = new Segment(0x2B, 0, uint.MaxValue, new SegmentAttributes(0xC0F3));
        state.Es = new Segment(0, 0, 0, SegmentAttributes.Unusable);
        state.Fs = new Segment(0x2B, 0x7F00_0000_1000, uint.MaxValue, new SegmentAttributes(0xC0F3));
        state.Gs = new Segment(0x2B, 0x7F00_0000_2000, uint.MaxValue, new SegmentAttributes(0xC0F3));
        state.Tr = new Segment(0x40, 0xFFFF_8880_0000_3000, 0x206F, new SegmentAttributes(0x8B));
        state.Ldtr = new Segment(0, 0, 0, SegmentAttributes.Unusable);
        state.Gdtr = new DescriptorTable(0xFFFF_8880_0000_1000, 0x7F);
        state.Idtr = new DescriptorTable(0xFFFF_8880_0000_2000, 0xFFF);
        (state.Dr0, state.Dr1, state.Dr2, state.Dr3) = (0x1000, 0x2000, 0x3000, 0x4000);
        state.Dr6 = 0xFFFF_0FF1;
        state.Dr7 = 0x401;
        state.Xcr0 = 7;
        state.Fpu = Floats();
        state.Msr.Efer = 0xD01;
        state.Msr.Star = 0x0023_0010_0000_0000;
        state.Msr.Lstar = 0xFFFF_FFFF_8100_0000;
        state.Msr.Cstar = 0xFFFF_FFFF_8200_0000;
        state.Msr.Fmask = 0x4_7700;
        state.Msr.KernelGsBase = 0xFFFF_8880_1234_0000;
        state.Msr.SysenterCs = 0x10;
        state.Msr.SysenterEsp = 0xFFFF_8880_0001_0000;
        state.Msr.SysenterEip = 0xFFFF_FFFF_8300_0000;
        state.Msr.Pat = 0x0407_0106_0007_0106;
        state.Msr.TscOffset = unchecked((ulong)-12345);
        state.Msr.MtrrDefaultType = 0xC06;
        state.Msr.MtrrVariable[0] = 0xC000_0000;
        state.Msr.MtrrVariable[1] = 0x00FF_C000_0800;
        state.Msr.MtrrFixed[10] = 0x0505_0505_0505_0505;
        return state;
    }

    /// <summary>x87, SSE and AVX state.</summary>
    public static FpuState Floats()
    {
        var fpu = FpuState.Initial;
        fpu.ControlWord = 0x27F;
        fpu.StatusWord = 0x2800;
        fpu.TagWord = 0x0E;
        fpu.LastOpcode = 0x123;
        fpu.LastInstruction = 0x40_1234;
        fpu.LastData = 0x60_5678;
        fpu.Mxcsr = 0x1FA0;
        for (var i = 0; i < 8; i++)
            fpu.Registers[i] = new FloatRegister(0x8000_0000_0000_0000UL + (ulong)i, (ushort)(0x3FFF + i));
        for (var i = 0; i < 16; i++)
        {
            for (var word = 0; word < 4; word++)
                fpu.Vectors[i][word] = 0xA000_0000UL + (ulong)(i * 16 + word);
        }
        return fpu;
    }
}
