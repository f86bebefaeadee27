using Ringmaster.Coverage.Tests.Instructions;
using Ringmaster.Cpu.State;

namespace Ringmaster.Coverage.Tests.Guest;

/// <summary>Registers before an instruction: protected mode without paging for 16- and 32-bit code, 64-bit mode otherwise.</summary>
internal static class InitialState
{
    private const ulong Pae = 1 << 5, PerformanceCounters = 1 << 8, OsFxsr = 1 << 9, OsXmmExceptions = 1 << 10, Fsgsbase = 1 << 16,
        OsXsave = 1 << 18, ProtectionKeys = 1 << 22;

    public static CpuState Of(int bits, OfferedModel model)
    {
        var state = CpuState.PowerUp(0);
        var isLong = bits == 64;
        (state.Cs, state.Ds, state.Ss) = bits switch
        {
            16 => (new(GuestLayout.Code16, GuestLayout.Code, 0xFFFF, new(0x9B)), new(GuestLayout.Data16, GuestLayout.Data, 0xFFFF, new(0x93)),
                new Segment(GuestLayout.Stack16, GuestLayout.Stack, 0xFFFF, new(0x93))),
            32 => (Flat(GuestLayout.Code32, 0xC09B), Flat(GuestLayout.Flat, 0xC093), Flat(GuestLayout.Flat, 0xC093)),
            _ => (Flat(GuestLayout.Code64, 0xA09B), Flat(GuestLayout.Flat, 0xC093), Flat(GuestLayout.Flat, 0xC093)),
        };
        (state.Es, state.Fs, state.Gs) = (state.Ds, state.Ds, state.Ds);
        state.Rip = GuestLayout.StartOf(bits);
        state.Gdtr = new(GuestLayout.Gdt, 0xFF);
        state.Idtr = new(GuestLayout.Idt, (ushort)(isLong ? 0xFFF : 0x7FF));
        state.Tr = new(GuestLayout.BusyTss, GuestLayout.Tss, 0x67, new(0x8B));
        const ulong protection = 1, coprocessor = 2, numericErrors = 0x20, extensionType = 0x10, paging = 0x8000_0000;
        state.Cr0 = protection | coprocessor | numericErrors | extensionType | (isLong ? paging : 0);
        state.Cr3 = GuestLayout.PageTables;
        state.Cr4 = ControlOf(model);
        state.Xcr0 = model.Cpuid[0xD, 0].Eax | 1;
        state.Msr.Efer = isLong ? 0x501u : 1u;
        SetSystemCalls(state);
        SetGeneral(state, bits);
        SetFloatingPoint(state);
        return state;
    }

    private static ulong ControlOf(OfferedModel model)
    {
        var (one, seven) = (model.Cpuid[1, 0], model.Cpuid[7, 0]);
        return Pae | PerformanceCounters | OsFxsr | OsXmmExceptions
            | ((one.Ecx >> 26 & 1) != 0 ? OsXsave : 0) | ((seven.Ebx & 1) != 0 ? Fsgsbase : 0) | ((seven.Ecx >> 3 & 1) != 0 ? ProtectionKeys : 0);
    }

    private static void SetSystemCalls(CpuState state)
    {
        state.Msr.Lstar = GuestLayout.TargetOf(64);
        state.Msr.Star = (uint)GuestLayout.TargetOf(32) | ((ulong)GuestLayout.Code64 << 32) | ((ulong)GuestLayout.UserCode32 << 48);
        state.Msr.SysenterCs = GuestLayout.Code64;
        state.Msr.SysenterEip = GuestLayout.TargetOf(64);
        state.Msr.SysenterEsp = GuestLayout.StackOf(64);
    }

    // RAX and RDX are zero, RCX is one; whatever may be an address is one.
    private static void SetGeneral(CpuState state, int bits)
    {
        var data = GuestLayout.DataOf(bits);
        (state.Registers[1], state.Registers[3], state.Registers[6], state.Registers[7]) = (1, data, data, data);
        (state.Registers[4], state.Registers[5]) = (GuestLayout.StackOf(bits), GuestLayout.StackOf(bits));
    }

    // Four values of one on the x87 stack; vectors of zeros but the third, all ones, which masks are taken from.
    private static void SetFloatingPoint(CpuState state)
    {
        state.Fpu = FpuState.Initial;
        state.Fpu.StatusWord = 4 << 11;
        state.Fpu.TagWord = 0xF0;
        for (var i = 4; i < 8; i++)
            state.Fpu.Registers[i] = new FloatRegister(1UL << 63, 0x3FFF);
        for (var i = 0; i < 8; i++)
            state.Fpu.Vectors[3][i] = ulong.MaxValue;
    }

    private static Segment Flat(ushort selector, uint attributes) => new(selector, 0, uint.MaxValue, new(attributes));
}
