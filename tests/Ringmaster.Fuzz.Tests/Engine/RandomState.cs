using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>Makes a guest in a random mode: descriptor tables, task state and page tables in RAM, and the processor's state to match.</summary>
internal sealed class RandomState(FuzzRandom random, GuestMemory memory, CpuidTable cpuid)
{
    private const ulong Pe = 1, Mp = 2, Et = 0x10, Ne = 0x20, Wp = 1 << 16, Am = 1 << 18, Pg = 1UL << 31;
    private const ulong Pse = 1 << 4, Pae = 1 << 5, La57 = 1 << 12;

    public GuestMode Mode { get; } = (GuestMode)random.Below(6);

    private bool IsLong => Mode >= GuestMode.Compatibility;

    public CpuState Create()
    {
        var state = new CpuState { Msr = MsrState.Reset, Fpu = FpuState.Initial };
        BuildTables();
        SetControls(state);
        SetSegments(state);
        SetRegisters(state);
        if (random.Chance(2))
            Scramble(state);
        return state;
    }

    private void BuildTables()
    {
        for (var i = 0; i < 256 && Mode == GuestMode.Real; i++)
            memory.TryWrite(new GuestPhysicalAddress((ulong)i * 4), (uint)(random.Chance(95) ? Layout.Code + (ulong)random.Below(0x7000) : random.Next()));
        WriteAll(Layout.Gdt, Descriptors.Table(random, IsLong));
        WriteAll(Layout.Idt, Descriptors.InterruptTable(random, IsLong));
        WriteAll(Layout.Ldt, Descriptors.Table(random, IsLong).AsSpan(0, 32).ToArray());
        WriteTask(Layout.TaskState);
        WriteTask(Layout.TaskState + 0x1000);
    }

    private void WriteTask(ulong at)
    {
        if (IsLong)
        {
            for (var i = 0; i < 13; i++)
                memory.TryWrite(new GuestPhysicalAddress(at + 4 + (ulong)i * 8), StackPointer());
            memory.TryWrite(new GuestPhysicalAddress(at + 100), 104u << 16);
            return;
        }
        for (var i = 0; i < 26; i++)
        {
            ulong value = i switch
            {
                2 or 4 or 6 => Descriptors.Data32 + (ulong)(random.Chance(5) ? random.Below(256) : 0),
                7 => random.Chance(80) ? Layout.Tables : random.Next(),
                8 => Layout.Code + (ulong)random.Below(0x7000),
                18 or 20 or 21 or 22 or 23 => random.Chance(80) ? Descriptors.Data32 : random.Pick(Descriptors.All),
                19 => random.Chance(80) ? Descriptors.Code32 : random.Pick(Descriptors.All),
                24 => random.Pick((ushort)0, Descriptors.LdtSelector),
                25 => random.Pick(104u << 16, 1u),
                0 => random.Pick(Descriptors.All),
                _ => StackPointer(),
            };
            memory.TryWrite(new GuestPhysicalAddress(at + (ulong)i * 4), (uint)value);
        }
    }

    private void SetControls(CpuState state)
    {
        state.Cr0 = Et | Ne | Mp | (random.Chance(70) ? Wp : 0) | (random.Chance(30) ? Am : 0)
            | (random.Chance(4) ? 8UL : 0) | (random.Chance(3) ? 4UL : 0) | (random.Chance(3) ? 0x4000_0000UL : 0);
        if (Mode != GuestMode.Real)
            state.Cr0 |= Pe;
        // OSFXSR, OSXMMEXCPT, DE and PGE; now and then VME, PVI and TSD.
        state.Cr4 = 0x688 | (random.Chance(50) ? Pse : 0) | (random.Chance(20) ? random.Next() & 7 : 0);
        if ((cpuid[1, 0].Ecx >> 26 & 1) != 0 && random.Chance(80))
        {
            state.Cr4 |= 1 << 18;
            state.Xcr0 = (cpuid[0xD, 0].Eax & 4) != 0 ? 7UL : 3UL;
        }
        state.Cr4 |= Offered(cpuid[7, 0].Ebx, 7, 20) | Offered(cpuid[7, 0].Ebx, 20, 21) | Offered(cpuid[7, 0].Ecx, 3, 22)
            | Offered(cpuid[7, 0].Ebx, 0, 16) | Offered(cpuid[7, 0].Ecx, 2, 11);
        if (IsLong)
            state.Cr4 |= Offered(cpuid[1, 0].Ecx, 17, 17);
        state.Pkru = random.Chance(80) ? 0 : (uint)random.Next();
        state.Msr.Efer = (cpuid[0x8000_0001, 0].Edx >> 11 & 1) | ((cpuid[0x8000_0001, 0].Edx >> 20 & 1) << 11);
        SetPaging(state);
    }

    private ulong Offered(uint register, int bit, int control) => (register >> bit & 1) != 0 && random.Chance(30) ? 1UL << control : 0;

    private void SetPaging(CpuState state)
    {
        var tables = new PageTables(random, memory);
        var noExecute = (state.Msr.Efer & 0x800) != 0;
        if (IsLong)
        {
            var isFiveLevel = (cpuid[7, 0].Ecx >> 16 & 1) != 0 && random.Chance(50);
            state.Cr0 |= Pg;
            state.Cr4 |= Pae | (isFiveLevel ? La57 : 0);
            state.Msr.Efer |= 0x500;
            state.Cr3 = tables.Wide(isFiveLevel ? 5 : 4, noExecute);
        }
        else if (Mode != GuestMode.Real && random.Chance(60))
        {
            var isWide = random.Chance(50);
            state.Cr0 |= Pg;
            state.Cr4 |= isWide ? Pae : 0;
            state.Cr3 = isWide ? tables.Wide(3, noExecute) : tables.Narrow();
            if (isWide)
            {
                memory.TryRead(new GuestPhysicalAddress(state.Cr3), out state.Pdpte0);
                memory.TryRead(new GuestPhysicalAddress(state.Cr3 + 8), out state.Pdpte1);
            }
        }
        if (random.Chance(2))
            state.Cr3 = random.Pick(Layout.AnyPage(random), random.Next() & 0xF_FFFF_FFFF_F000);
    }

    private void SetSegments(CpuState state)
    {
        var isUser = Mode > GuestMode.Real && random.Chance(40);
        state.Gdtr = new DescriptorTable(Layout.Gdt, 511);
        state.Idtr = Mode == GuestMode.Real ? new DescriptorTable(0, 0x3FF) : new DescriptorTable(Layout.Idt, (ushort)(random.Chance(95) ? 0xFFF : random.Below(0x1000)));
        state.Tr = new Segment(Descriptors.TaskSelector, Layout.TaskState, 0x1FFF, new SegmentAttributes(0x8B));
        state.Ldtr = random.Chance(50) ? new Segment(Descriptors.LdtSelector, Layout.Ldt, 0xFF, new SegmentAttributes(0x82))
            : new Segment(0, 0, 0, SegmentAttributes.Unusable);
        var level = isUser || Mode == GuestMode.Virtual8086 ? 0x60u : 0;
        var (code, data, limit) = Mode switch
        {
            GuestMode.Real => (0x9Bu, 0x93u, random.Chance(80) ? 0xFFFFu : uint.MaxValue),
            GuestMode.Virtual8086 => (0xF3u, 0xF3u, 0xFFFFu),
            GuestMode.Protected16 => (0x9Bu | level, 0x93u | level, 0xFFFFu),
            GuestMode.Long => (0xA09Bu | level, 0xC093u | level, uint.MaxValue),
            _ => (0xC09Bu | level, 0xC093u | level, uint.MaxValue),
        };
        state.Cs = new Segment(Selector(isUser ? Descriptors.UserCode32 : Descriptors.Code32), 0, limit, new SegmentAttributes(code));
        var plain = new Segment(Selector(isUser ? Descriptors.UserData : Descriptors.Data32), 0, limit, new SegmentAttributes(data));
        (state.Ss, state.Ds, state.Es, state.Fs, state.Gs) = (plain, plain, plain, plain, plain);
        if (random.Chance(30))
            state.Fs = plain with { Base = Mode == GuestMode.Long ? random.Edgy() : (uint)random.Edgy() };
        if (random.Chance(10) && Mode is GuestMode.Protected32 or GuestMode.Compatibility)
            state.Ds = new Segment(0, 0, 0, SegmentAttributes.Unusable);
        if (random.Chance(10))
            state.Es = plain with { Limit = (uint)random.Edgy() };
    }

    private ushort Selector(ushort descriptor) => Mode is GuestMode.Real or GuestMode.Virtual8086 ? (ushort)0 : descriptor;

    private void SetRegisters(CpuState state)
    {
        for (var i = 0; i < 16; i++)
            state.Registers[i] = Mode == GuestMode.Long ? Value() : (uint)Value();
        state.Registers[4] = StackPointer();
        state.Rip = Layout.Code + (ulong)random.Below(random.Chance(90) ? 0x100 : 0x8000);
        // Status flags, TF rarely, IF, DF, IOPL, NT, RF, AC, VIF, VIP, ID.
        state.Rflags = 2 | (random.Next() & 0xCD5) | (random.Chance(60) ? 0x200UL : 0) | (random.Chance(5) ? 0x100UL : 0)
            | (ulong)random.Below(4) << 12 | (random.Chance(3) ? random.Next() & 0x3D_4000 & ~0x2_0000UL : 0);
        if (Mode == GuestMode.Virtual8086)
            state.Rflags |= 0x2_0000;
        if (random.Chance(10))
        {
            (state.Dr0, state.Dr1) = (Layout.Code + (ulong)random.Below(0x200), Layout.Data + (ulong)random.Below(0x1000));
            state.Dr7 = 0x400 | (random.Next() & 0xFFFF_00FF);
        }
        (state.Msr.Lstar, state.Msr.Cstar) = (Layout.Code + 0x40, Layout.Code + 0x80);
        state.Msr.Star = (ulong)Descriptors.Code32 << 32 | (ulong)Descriptors.UserCode32 << 48;
        (state.Msr.SysenterCs, state.Msr.SysenterEip, state.Msr.SysenterEsp) = (Descriptors.Code32, Layout.Code + 0x60, StackPointer());
        for (var i = 0; i < 8; i++)
        {
            state.Fpu.Registers[i] = new FloatRegister(random.Edgy(), (ushort)random.Edgy());
            state.Fpu.Vectors[i][0] = random.Edgy();
        }
        state.Fpu.TagWord = (byte)random.Next();
        state.Fpu.StatusWord = (ushort)(random.Below(8) << 11);
        if (random.Chance(20))
            state.Fpu.ControlWord = (ushort)(random.Next() & 0x1F7F | 0x40);
        if (random.Chance(20))
            state.Fpu.Mxcsr = (uint)random.Next() & 0xFFFF;
        state.NmiBlocked = random.Chance(10);
        state.NmiPending = random.Chance(10);
        state.StiShadow = random.Chance(5);
        state.MovSsShadow = random.Chance(5);
        state.Activity = random.Chance(5) ? ActivityState.Halted : ActivityState.Running;
    }

    private ulong Value() => random.Below(8) switch
    {
        < 4 => Layout.Data + (ulong)random.Below(0x7000),
        4 => Layout.Code + (ulong)random.Below(0x1000),
        5 => Layout.AnyPage(random) + (ulong)random.Below(0x1000),
        _ => random.Edgy(),
    };

    private ulong StackPointer() => random.Chance(90) ? Layout.Stack - 0x100 - (ulong)random.Below(0x400) * 4 + 0x1000 * (ulong)random.Below(4)
        : random.Edgy();

    /// <summary>Bits anywhere, as a damaged snapshot might have them.</summary>
    private void Scramble(CpuState state)
    {
        state.Cr0 ^= 1UL << random.Below(32);
        state.Cr4 ^= 1UL << random.Below(24);
        state.Rflags ^= 1UL << random.Below(22) & ~2UL;
        state.Rip = random.Edgy();
        state.Cs = state.Cs with { Attributes = new SegmentAttributes((uint)random.Next() & 0x1_F0FF), Base = random.Edgy(), Limit = (uint)random.Edgy() };
        state.Ss = state.Ss with { Attributes = new SegmentAttributes((uint)random.Next() & 0x1_F0FF), Base = random.Edgy(), Limit = (uint)random.Edgy() };
        state.Gdtr = new DescriptorTable(random.Edgy(), (ushort)random.Next());
        state.Idtr = new DescriptorTable(random.Edgy(), (ushort)random.Next());
        (state.Pdpte0, state.Pdpte1) = (random.Edgy(), random.Edgy());
        state.Fpu.StatusWord = (ushort)random.Next();
        state.Rflags |= 2;
    }

    private void WriteAll(ulong at, ulong[] values)
    {
        for (var i = 0; i < values.Length; i++)
            memory.TryWrite(new GuestPhysicalAddress(at + (ulong)i * 8), values[i]);
    }
}
