using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.Exits;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Privileged;

/// <summary>RDMSR, WRMSR and what shares their state, with each register's rules (SDM 4; APM 2 appendix A).</summary>
public sealed class MsrTests
{
    private const ulong NonCanonical = 0x8000_0000_0000;

    private static readonly CaseTable s_cases = new()
    {
        Write("EFER.NXE and SCE can be set", 0xC000_0080, 0xD01, m => Assert.Equal(0xD01UL, m.State.Msr.Efer)),
        Refuse("EFER.LME cannot change under paging", 0xC000_0080, 0x001),
        Refuse("reserved bits of EFER are refused", 0xC000_0080, 0x502),
        Write("EFER.LMA is read-only", 0xC000_0080, 0x101, m => Assert.Equal(0x501UL, m.State.Msr.Efer)),
        Refuse("LSTAR must be canonical", 0xC000_0082, NonCanonical),
        Refuse("FMASK has 32 bits", 0xC000_0084, 1UL << 32),
        Write("FS base can be anywhere canonical", 0xC000_0100, 0xFFFF_8000_0000_0000, m => Assert.Equal(0xFFFF_8000_0000_0000, m.State.Fs.Base)),
        Refuse("GS base must be canonical", 0xC000_0101, NonCanonical),
        Refuse("kernel GS base must be canonical", 0xC000_0102, NonCanonical),
        Write("the PAT takes all its types", 0x277, 0x0007_0605_0401_0006, m => Assert.Equal(0x0007_0605_0401_0006UL, m.State.Msr.Pat)),
        Refuse("the PAT refuses reserved types", 0x277, 0x0200),
        Write("a fixed MTRR takes memory types", 0x26F, 0x0606_0606_0606_0606, m => Assert.Equal(0x0606_0606_0606_0606UL, m.State.Msr.MtrrFixed[10])),
        Refuse("a fixed MTRR refuses the PAT's UC-", 0x250, 7),
        Write("a variable MTRR's base", 0x200, 0x8000_0006, m => Assert.Equal(0x8000_0006UL, m.State.Msr.MtrrVariable[0])),
        Refuse("a variable MTRR's base refuses reserved bits", 0x200, 0x8000_0106),
        Refuse("a variable MTRR's mask ends with physical memory", 0x201, 1UL << 40),
        Write("a variable MTRR's mask has a valid bit", 0x20F, 0xFF_FF00_0800, m => Assert.Equal(0xFF_FF00_0800UL, m.State.Msr.MtrrVariable[15])),
        Refuse("the default memory type refuses reserved bits", 0x2FF, 0x1006),
        Refuse("MTRR capabilities are read-only", 0xFE, 0x508),
        Write("the TSC moves by an offset", 0x10, 5_000_000, m =>
        {
            Assert.Equal(5_000_000 - StoppedClock.Value, m.State.Msr.TscOffset);
            Assert.Equal(5_000_000 - StoppedClock.Value, m.State.Msr.TscAdjust);
        }),
        Write("TSC_ADJUST moves the TSC by the difference", 0x3B, 7, m => Assert.Equal(7UL, m.State.Msr.TscOffset)),
        Write("SPEC_CTRL takes what CPUID announces", 0x48, 7, m => Assert.Equal(7UL, m.State.Msr.SpecControl)),
        Refuse("SPEC_CTRL refuses other bits", 0x48, 0x80),
        Write("SPEC_CTRL takes BHI_DIS_S where leaf 7 announces it", 0x48, 0x401, m => Assert.Equal(0x401UL, m.State.Msr.SpecControl)) with { Intel = true },
        Refuse("SPEC_CTRL refuses BHI_DIS_S elsewhere", 0x48, 0x400),
        Write("PRED_CMD takes its one bit", 0x49, 1, _ => { }),
        Refuse("PRED_CMD refuses other bits", 0x49, 2),
        Write("XSS takes the model's supervisor components", 0xDA0, 0x1800, m => Assert.Equal(0x1800UL, m.State.Msr.Xss)),
        Refuse("XSS refuses other components", 0xDA0, 1),
        Write("AMD ignores the upper half of TSC_AUX", 0xC000_0103, 0x5_0000_0007, m => Assert.Equal(7UL, m.State.Msr.TscAux)),
        Refuse("Intel reserves the upper half of TSC_AUX", 0xC000_0103, 0x5_0000_0007) with { Intel = true },
        Write("AMD keeps 32 bits of SYSENTER_EIP", 0x176, NonCanonical | 5, m => Assert.Equal(5UL, m.State.Msr.SysenterEip)),
        Refuse("Intel wants a canonical SYSENTER_EIP", 0x176, NonCanonical) with { Intel = true },
        Refuse("DEBUGCTL refuses reserved bits", 0x1D9, 1 << 20),
        Refuse("MISC_ENABLE refuses reserved bits", 0x1A0, 2) with { Intel = true },
        new("RDMSR splits the value", GuestMode.Kernel64, c => c.rdmsr())
        {
            Rax = ulong.MaxValue, Rdx = ulong.MaxValue, Rcx = 0xFFFF_FFFF_C000_0081,
            Given = m => m.State.Msr.Star = 0x0023_0010_1234_5678,
            Then = m =>
            {
                Assert.Equal(0x1234_5678UL, m.Rax);
                Assert.Equal(0x0023_0010UL, m.Rdx);
            },
        },
        new("PRED_CMD cannot be read", GuestMode.Kernel64, c => c.rdmsr()) { Rcx = 0x49, Fault = Vector.GeneralProtection, Error = 0 },
        new("registers of the local APIC are asked for outside", GuestMode.Kernel64, c => c.rdmsr())
        {
            Rcx = 0x1B, Given = m => m.Answers.Enqueue(ExitAnswer.Value(0xFEE0_0900)),
            Then = m =>
            {
                Assert.Equal([VmExit.MsrRead(0x1B)], m.Exits);
                Assert.Equal(0xFEE0_0900UL, m.Rax);
            },
        },
        new("an unknown register may be refused outside", GuestMode.Kernel64, c => c.wrmsr())
        {
            Rcx = 0x1234, Rax = 5, Fault = Vector.GeneralProtection, Error = 0, Then = m => Assert.Equal([VmExit.MsrWrite(0x1234, 5)], m.Exits),
        },
        new("user code cannot read MSRs", GuestMode.User64, c => c.rdmsr()) { Rcx = 0x10, Fault = Vector.GeneralProtection, Error = 0 },
        new("SWAPGS exchanges the bases", GuestMode.Kernel64, c => c.swapgs())
        {
            Given = m =>
            {
                m.State.Gs = m.State.Gs with { Base = 0x1000 };
                m.State.Msr.KernelGsBase = 0x2000;
            },
            Then = m => Assert.Equal((0x2000UL, 0x1000UL), (m.State.Gs.Base, m.State.Msr.KernelGsBase)),
        },
        new("SWAPGS in user code is refused", GuestMode.User64, c => c.swapgs()) { Fault = Vector.GeneralProtection, Error = 0 },
        new("WRFSBASE needs CR4.FSGSBASE", GuestMode.User64, c => c.wrfsbase(rax)) { Fault = Vector.InvalidOpcode },
        new("WRGSBASE sets the base", GuestMode.User64, c => c.wrgsbase(rax))
        {
            Rax = 0x1234_5678_9ABC, Given = m => m.State.Cr4 |= 0x1_0000, Then = m => Assert.Equal(0x1234_5678_9ABCUL, m.State.Gs.Base),
        },
        new("WRFSBASE wants a canonical base", GuestMode.User64, c => c.wrfsbase(rax))
        {
            Rax = NonCanonical, Given = m => m.State.Cr4 |= 0x1_0000, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("RDFSBASE of 32 bits zero-extends", GuestMode.User64, c => c.rdfsbase(eax))
        {
            Rax = ulong.MaxValue,
            Given = m =>
            {
                m.State.Cr4 |= 0x1_0000;
                m.State.Fs = m.State.Fs with { Base = 0x1_2345_6789 };
            },
            Then = m => Assert.Equal(0x2345_6789UL, m.Rax),
        },
        new("RDTSC reads the guest's counter", GuestMode.User64, c => c.rdtsc())
        {
            Given = m => m.State.Msr.TscOffset = 1UL << 32,
            Then = m => Assert.Equal((StoppedClock.Value, 1UL), (m.Rax, m.Rdx)),
        },
        new("CR4.TSD closes RDTSC to user code", GuestMode.User64, c => c.rdtsc())
        {
            Given = m => m.State.Cr4 |= 4, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("CR4.TSD leaves RDTSC to the kernel", GuestMode.Kernel64, c => c.rdtsc()) { Given = m => m.State.Cr4 |= 4 },
        new("RDTSCP returns TSC_AUX", GuestMode.User64, c => c.rdtscp())
        {
            Given = m => m.State.Msr.TscAux = 9, Then = m => Assert.Equal(9UL, m.Rcx),
        },
        new("RDPID returns TSC_AUX", GuestMode.User64, c => c.rdpid(rax))
        {
            Given = m => m.State.Msr.TscAux = 9, Then = m => Assert.Equal(9UL, m.Rax),
        },
        new("RDPMC needs CR4.PCE in user code", GuestMode.User64, c => c.rdpmc()) { Fault = Vector.GeneralProtection, Error = 0 },
        new("RDPKRU needs CR4.PKE", GuestMode.User64, c => c.rdpkru()) { Fault = Vector.InvalidOpcode },
        new("RDPKRU wants ECX to be zero", GuestMode.User64, c => c.rdpkru())
        {
            Rcx = 1, Given = m => m.State.Cr4 |= 0x40_0000, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("WRPKRU sets the rights", GuestMode.User64, c => c.wrpkru())
        {
            Rax = 0xC, Given = m => m.State.Cr4 |= 0x40_0000, Then = m => Assert.Equal(0xCU, m.State.Pkru),
        },
        new("CPUID follows CR4.OSXSAVE", GuestMode.User64, c => c.cpuid())
        {
            Rax = 1, Given = m => m.State.Cr4 |= 0x4_0000, Then = m => Assert.Equal(1UL << 27, m.Rcx & (1UL << 27)),
        },
        new("CPUID without CR4.OSXSAVE hides it", GuestMode.User64, c => c.cpuid())
        {
            Rax = 1, Then = m => Assert.Equal(0UL, m.Rcx & (1UL << 27)),
        },
        new("CPUID follows CR4.PKE", GuestMode.User64, c => c.cpuid())
        {
            Rax = 7, Given = m => m.State.Cr4 |= 0x40_0000, Then = m => Assert.Equal(0x10UL, m.Rcx & 0x10),
        },
        new("CPUID reports the size of the enabled state", GuestMode.User64, c => c.cpuid())
        {
            Rax = 0xD, Given = m => m.State.Xcr0 = 7, Then = m => Assert.Equal(832UL, m.State.Registers[3]),
        },
        new("CPUID reports the size of the compacted state", GuestMode.User64, c => c.cpuid())
        {
            Rax = 0xD, Rcx = 1,
            Given = m =>
            {
                m.State.Xcr0 = 0x207;
                m.State.Msr.Xss = 0x800;
            },
            Then = m => Assert.Equal(576UL + 256 + 8 + 16, m.State.Registers[3]),
        },
        new("Intel hides SYSCALL from 32-bit code", GuestMode.UserCompatibility, c => c.cpuid())
        {
            Intel = true, Rax = 0x8000_0001, Then = m => Assert.Equal(0UL, m.Rdx & 0x800),
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static Case Write(string name, uint msr, ulong value, Action<Guest> then) =>
        new(name, GuestMode.Kernel64, c => c.wrmsr()) { Rcx = msr, Rax = (uint)value, Rdx = value >> 32, Then = then };

    private static Case Refuse(string name, uint msr, ulong value) => new(name, GuestMode.Kernel64, c => c.wrmsr())
    {
        Rcx = msr, Rax = (uint)value, Rdx = value >> 32, Fault = Vector.GeneralProtection, Error = 0,
        Then = m => Assert.Empty(m.Exits),
    };
}
