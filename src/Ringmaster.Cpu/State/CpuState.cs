namespace Ringmaster.Cpu.State;

/// <summary>
/// The whole architectural state of a vCPU between two instructions, in one form for all engines. Every engine imports and
/// exports it exactly; snapshots, migration, the debugger and the differential tests use nothing else.
/// </summary>
public sealed class CpuState
{
    /// <summary>General-purpose registers.</summary>
    public GeneralRegisters Registers;

    /// <summary>RIP: offset of the next instruction in CS.</summary>
    public ulong Rip;

    /// <summary>RFLAGS. Bit 1 is always set.</summary>
    public ulong Rflags = 2;

    /// <summary>Extra segment.</summary>
    public Segment Es;

    /// <summary>Code segment. The current privilege level is SS's DPL, which equals CS's for non-conforming code.</summary>
    public Segment Cs;

    /// <summary>Stack segment.</summary>
    public Segment Ss;

    /// <summary>Data segment.</summary>
    public Segment Ds;

    /// <summary>FS; in 64-bit mode its base is IA32_FS_BASE.</summary>
    public Segment Fs;

    /// <summary>GS; in 64-bit mode its base is IA32_GS_BASE.</summary>
    public Segment Gs;

    /// <summary>Local descriptor table register.</summary>
    public Segment Ldtr;

    /// <summary>Task register.</summary>
    public Segment Tr;

    /// <summary>Global descriptor table register.</summary>
    public DescriptorTable Gdtr;

    /// <summary>Interrupt descriptor table register.</summary>
    public DescriptorTable Idtr;

    /// <summary>CR0.</summary>
    public ulong Cr0;

    /// <summary>CR2: the linear address of the last page fault.</summary>
    public ulong Cr2;

    /// <summary>CR3.</summary>
    public ulong Cr3;

    /// <summary>CR4.</summary>
    public ulong Cr4;

    /// <summary>CR8: the task priority, 0 to 15; the local APIC's TPR bits 4 to 7.</summary>
    public ulong Cr8;

    /// <summary>XCR0: the state components that XSAVE may touch.</summary>
    public ulong Xcr0 = 1;

    /// <summary>PKRU: rights of the 16 protection keys.</summary>
    public uint Pkru;

    /// <summary>DR0 to DR3: breakpoint addresses.</summary>
    public ulong Dr0, Dr1, Dr2, Dr3;

    /// <summary>DR6: what raised the last debug exception.</summary>
    public ulong Dr6 = 0xFFFF_0FF0;

    /// <summary>DR7: which breakpoints are armed.</summary>
    public ulong Dr7 = 0x400;

    /// <summary>Model-specific registers.</summary>
    public MsrState Msr;

    /// <summary>Registers of interfaces for guests that know their hypervisor.</summary>
    public ParavirtualState Paravirtual;

    /// <summary>PDPTEs that PAE paging has loaded with CR3 (SDM 3A 4.4.1).</summary>
    public ulong Pdpte0, Pdpte1, Pdpte2, Pdpte3;

    /// <summary>x87, MMX and vector state.</summary>
    public FpuState Fpu;

    /// <summary>What the vCPU is doing.</summary>
    public ActivityState Activity;

    /// <summary>The next instruction follows an STI: no external interrupt before it.</summary>
    public bool StiShadow;

    /// <summary>The next instruction follows a MOV SS or POP SS: no interrupt, NMI or debug trap before it.</summary>
    public bool MovSsShadow;

    /// <summary>NMIs are held off until the next IRET.</summary>
    public bool NmiBlocked;

    /// <summary>An NMI waits to be taken.</summary>
    public bool NmiPending;

    /// <summary>An event that is to be delivered before the next instruction.</summary>
    public PendingException? Pending;

    /// <summary>The current privilege level, 0 to 3.</summary>
    public int PrivilegeLevel => (Cr0 & 1) == 0 ? 0 : (Rflags & 0x2_0000) != 0 ? 3 : Ss.Attributes.PrivilegeLevel;

    /// <summary>The state of a bootstrap processor after reset (SDM 3A table 9-1).</summary>
    /// <param name="familyModelStepping">What EDX holds: CPUID leaf 1's EAX.</param>
    public static CpuState PowerUp(uint familyModelStepping)
    {
        var state = new CpuState
        {
            Rip = 0xFFF0,
            Cs = new Segment(0xF000, 0xFFFF_0000, 0xFFFF, SegmentAttributes.RealModeCode),
            Es = Segment.RealModeData(0),
            Ss = Segment.RealModeData(0),
            Ds = Segment.RealModeData(0),
            Fs = Segment.RealModeData(0),
            Gs = Segment.RealModeData(0),
            Ldtr = new Segment(0, 0, 0xFFFF, new SegmentAttributes(0x82)),
            Tr = new Segment(0, 0, 0xFFFF, new SegmentAttributes(0x8B)),
            Gdtr = new DescriptorTable(0, 0xFFFF),
            Idtr = new DescriptorTable(0, 0xFFFF),
            Cr0 = 0x6000_0010,
            Msr = MsrState.Reset,
            Fpu = FpuState.PowerUp,
        };
        state.Registers[2] = familyModelStepping;
        return state;
    }

    /// <summary>
    /// The state in which an application processor waits for its start-up IPI while this one, the bootstrap processor's, starts
    /// the machine. Where firmware has set up memory types, it has done so on all processors (SDM 3A 11.11.8).
    /// </summary>
    /// <param name="familyModelStepping">What EDX holds: CPUID leaf 1's EAX.</param>
    public CpuState AsApplicationProcessor(uint familyModelStepping)
    {
        var state = PowerUp(familyModelStepping);
        state.Msr.MiscEnable = Msr.MiscEnable;
        state.Msr.MtrrDefaultType = Msr.MtrrDefaultType;
        state.Msr.MtrrFixed = Msr.MtrrFixed;
        state.Msr.MtrrVariable = Msr.MtrrVariable;
        state.Activity = ActivityState.WaitForStartup;
        return state;
    }

    /// <summary>
    /// The state after an INIT (SDM 3A table 9-1; for EFER APM 2 table 14-1): as after power-up, but floating-point and vector
    /// registers, the caching mode, the time-stamp counter and most model-specific registers keep their values. Where a bootstrap
    /// processor then goes on at the reset vector, an application processor waits for a start-up IPI.
    /// </summary>
    /// <param name="familyModelStepping">What EDX holds: CPUID leaf 1's EAX.</param>
    public CpuState AfterInit(uint familyModelStepping)
    {
        const ulong cachingMode = 0x6000_0000;
        var state = PowerUp(familyModelStepping);
        state.Cr0 = (state.Cr0 & ~cachingMode) | (Cr0 & cachingMode);
        state.Xcr0 = Xcr0;
        state.Pkru = Pkru;
        state.Fpu = Fpu;
        state.Msr = Msr;
        state.Msr.Efer = 0;
        state.Paravirtual = ParavirtualRegister.AfterInit(Paravirtual);
        return state;
    }

    /// <summary>This state of a processor that has been reset, as that of one that a start-up IPI starts (SDM 3A 9.4.3).</summary>
    /// <param name="vector">Execution starts in real mode at the physical address <paramref name="vector"/> * 4096.</param>
    public void StartUp(byte vector)
    {
        Cs = Segment.RealModeCode((ushort)(vector << 8));
        Rip = 0;
        Activity = ActivityState.Running;
    }

    /// <summary>An independent copy.</summary>
    public CpuState Clone() => (CpuState)MemberwiseClone();
}
