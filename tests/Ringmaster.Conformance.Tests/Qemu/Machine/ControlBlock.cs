using Ringmaster.Cpu.State;

namespace Ringmaster.Conformance.Tests.Qemu.Machine;

/// <summary>The virtual machine control block (APM 2 appendix B): a case's state in QEMU, before and after.</summary>
internal sealed class ControlBlock(SharedRam ram)
{
    private const uint Intercepts = 0xC, MoreIntercepts = 0x10, PortMap = 0x40, RegisterMap = 0x48, AddressSpace = 0x58,
        FlushAll = 0x5C, VirtualInterrupt = 0x60, VirtualVector = 0x64, ExitCode = 0x70, ExitInfo1 = 0x78, Injection = 0xA8;

    private const uint Es = 0x400, Cs = 0x410, Ss = 0x420, Ds = 0x430, Fs = 0x440, Gs = 0x450, Gdtr = 0x460, Ldtr = 0x470, Idtr = 0x480,
        Tr = 0x490, PrivilegeLevel = 0x4CB, Efer = 0x4D0, Cr4 = 0x548, Cr3 = 0x550, Cr0 = 0x558, Dr7 = 0x560, Dr6 = 0x568,
        Rflags = 0x570, Rip = 0x578, Rsp = 0x5D8, Rax = 0x5F8, Star = 0x600, Lstar = 0x608, Cstar = 0x610, Fmask = 0x618,
        KernelGsBase = 0x620, SysenterCs = 0x628, SysenterEsp = 0x630, SysenterEip = 0x638, Cr2 = 0x640;

    private const uint HaltIntercept = 1 << 24, PortIntercept = 1 << 27, ShutdownIntercept = 1U << 31;
    private const uint RunIntercept = 1, WaitIntercept = 1 << 11;
    private const uint InterruptPending = 1 << 8, IgnorePriority = 1 << 20, MaskInterrupts = 1 << 24, PriorityMask = 0xFF;
    private const uint InjectionValid = 1U << 31;

    /// <summary>EFER.SVME: the guest's must be set (APM 2 15.5.1).</summary>
    private const ulong Svme = 0x1000;

    /// <summary>QEMU wants the TSS in the task register's hidden part to be available, where the manual has it busy (SDM 3A 7.2.2).</summary>
    private const uint BusyTask = 2;

    /// <summary>Why the guest has ended.</summary>
    public ulong Exit => Get<ulong>(ExitCode);

    /// <summary>What was accessed, if it was a port (APM 2 15.10.2).</summary>
    public (int Port, int Size, bool IsWrite) PortAccess =>
        ((int)(Get<ulong>(ExitInfo1) >> 16 & 0xFFFF), (int)(Get<ulong>(ExitInfo1) >> 4 & 7), (Get<ulong>(ExitInfo1) & 1) == 0);

    public void Load(CpuState state, byte? interrupt)
    {
        ram.At(Place.ControlBlock, 0x1000).Clear();
        Set(Intercepts, HaltIntercept | PortIntercept | ShutdownIntercept);
        Set(MoreIntercepts, RunIntercept | WaitIntercept);
        Set(PortMap, (ulong)Place.PortMap);
        Set(RegisterMap, (ulong)Place.RegisterMap);
        Set(AddressSpace, 1);
        Set(FlushAll, (byte)1);
        Set(VirtualInterrupt, MaskInterrupts | IgnorePriority | (interrupt is null ? 0 : InterruptPending) | (uint)state.Cr8);
        Set(VirtualVector, interrupt ?? 0u);
        if (state.Pending is { Kind: not PendingExceptionKind.NonMaskableInterrupt } pending)
            Set(Injection, pending.Vector | (uint)pending.Kind << 8 | InjectionValid);
        SetSegment(Es, state.Es);
        SetSegment(Cs, state.Cs);
        SetSegment(Ss, state.Ss);
        SetSegment(Ds, state.Ds);
        SetSegment(Fs, state.Fs);
        SetSegment(Gs, state.Gs);
        SetSegment(Ldtr, state.Ldtr);
        SetSegment(Tr, state.Tr with { Attributes = new(state.Tr.Attributes.Value & ~BusyTask) });
        SetTable(Gdtr, state.Gdtr);
        SetTable(Idtr, state.Idtr);
        Set(PrivilegeLevel, (byte)state.PrivilegeLevel);
        foreach (var (offset, value) in Values(state))
            Set(offset, value);
    }

    public void Save(CpuState state)
    {
        state.Es = GetSegment(Es);
        state.Cs = GetSegment(Cs);
        state.Ss = GetSegment(Ss);
        state.Ds = GetSegment(Ds);
        state.Fs = GetSegment(Fs);
        state.Gs = GetSegment(Gs);
        state.Ldtr = GetSegment(Ldtr);
        state.Tr = GetSegment(Tr);
        state.Tr = state.Tr with { Attributes = new(state.Tr.Attributes.Value | BusyTask) };
        state.Gdtr = GetTable(Gdtr);
        state.Idtr = GetTable(Idtr);
        state.Cr8 = Get<uint>(VirtualInterrupt) & PriorityMask;
        state.Msr.Efer = Get<ulong>(Efer) & ~Svme;
        (state.Cr0, state.Cr2, state.Cr3, state.Cr4) = (Get<ulong>(Cr0), Get<ulong>(Cr2), Get<ulong>(Cr3), Get<ulong>(Cr4));
        (state.Dr6, state.Dr7) = (Get<ulong>(Dr6), Get<ulong>(Dr7));
        (state.Rip, state.Rflags) = (Get<ulong>(Rip), Get<ulong>(Rflags));
        (state.Registers[0], state.Registers[4]) = (Get<ulong>(Rax), Get<ulong>(Rsp));
        ref var msr = ref state.Msr;
        (msr.Star, msr.Lstar, msr.Cstar, msr.Fmask) = (Get<ulong>(Star), Get<ulong>(Lstar), Get<ulong>(Cstar), Get<ulong>(Fmask));
        msr.KernelGsBase = Get<ulong>(KernelGsBase);
        (msr.SysenterCs, msr.SysenterEsp, msr.SysenterEip) = (Get<ulong>(SysenterCs), Get<ulong>(SysenterEsp), Get<ulong>(SysenterEip));
    }

    private static IEnumerable<(uint Offset, ulong Value)> Values(CpuState state) =>
    [
        (Efer, state.Msr.Efer | Svme), (Cr0, state.Cr0), (Cr2, state.Cr2), (Cr3, state.Cr3), (Cr4, state.Cr4), (Dr6, state.Dr6),
        (Dr7, state.Dr7), (Rip, state.Rip), (Rflags, state.Rflags), (Rax, state.Registers[0]), (Rsp, state.Registers[4]),
        (Star, state.Msr.Star), (Lstar, state.Msr.Lstar), (Cstar, state.Msr.Cstar), (Fmask, state.Msr.Fmask),
        (KernelGsBase, state.Msr.KernelGsBase), (SysenterCs, state.Msr.SysenterCs), (SysenterEsp, state.Msr.SysenterEsp),
        (SysenterEip, state.Msr.SysenterEip),
    ];

    // Bits 8 to 11 of the block's attributes are the descriptor's upper four; a register that cannot be used is not present.
    private void SetSegment(uint offset, Segment segment)
    {
        var value = segment.Attributes.IsUnusable ? segment.Attributes.Value & 0x60 : segment.Attributes.Value;
        Set(offset, segment.Selector);
        Set(offset + 2, (ushort)(value & 0xFF | value >> 4 & 0xF00));
        Set(offset + 4, segment.Limit);
        Set(offset + 8, segment.Base);
    }

    private Segment GetSegment(uint offset)
    {
        uint value = Get<ushort>(offset + 2);
        var attributes = new SegmentAttributes(value & 0xFF | (value & 0xF00) << 4);
        if (!attributes.IsPresent)
            attributes = new(attributes.Value & 0x60 | SegmentAttributes.Unusable.Value);
        return new(Get<ushort>(offset), Get<ulong>(offset + 8), Get<uint>(offset + 4), attributes);
    }

    private void SetTable(uint offset, DescriptorTable table)
    {
        Set(offset + 4, (uint)table.Limit);
        Set(offset + 8, table.Base);
    }

    private DescriptorTable GetTable(uint offset) => new(Get<ulong>(offset + 8), (ushort)Get<uint>(offset + 4));

    private void Set<T>(uint offset, T value) where T : unmanaged => ram.Write(Place.ControlBlock + offset, value);

    private T Get<T>(uint offset) where T : unmanaged => ram.Read<T>(Place.ControlBlock + offset);
}
