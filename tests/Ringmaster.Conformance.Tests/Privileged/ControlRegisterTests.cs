using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.Exits;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Privileged;

/// <summary>MOV to and from control and debug registers, LMSW, SMSW, CLTS (SDM 3A 2.5, SDM 3B 17.2).</summary>
public sealed class ControlRegisterTests
{
    private const ulong Paging = 0x8000_0000, Pae = 0x20, Pcid = 0x2_0000, LongModeEnable = 0x100, LongModeActive = 0x400;

    private static readonly CaseTable s_cases = new()
    {
        new("CR0.PG needs CR0.PE", GuestMode.Real, c => c.mov(cr0, eax))
        {
            Rax = Paging, Fault = Vector.GeneralProtection,
        },
        new("CR0.NW needs CR0.CD", GuestMode.Kernel32, c => c.mov(cr0, eax))
        {
            Rax = 0x2000_0011, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("CR0.ET is always set and unknown bits are not", GuestMode.Kernel32, c => c.mov(cr0, eax))
        {
            Rax = 0x1FF8_FFC1, Then = m => Assert.Equal(0x11UL, m.State.Cr0),
        },
        new("the upper half of CR0 is reserved", GuestMode.Kernel64, c => c.mov(cr0, rax))
        {
            Rax = 0x1_8000_0011, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("setting CR0.PE enters protected mode", GuestMode.Real, c => c.mov(cr0, eax))
        {
            Rax = 0x11, Then = m => Assert.Equal(0x11UL, m.State.Cr0),
        },
        new("setting CR0.PG with EFER.LME activates long mode", GuestMode.Kernel32, c => c.mov(cr0, eax))
        {
            Rax = Paging | 0x11,
            Given = m =>
            {
                m.State.Cr4 = Pae;
                m.State.Cr3 = PageTables.Root(GuestMode.Kernel64);
                m.State.Msr.Efer = LongModeEnable;
            },
            Then = m => Assert.Equal(LongModeEnable | LongModeActive, m.State.Msr.Efer),
        },
        new("long mode needs CR4.PAE", GuestMode.Kernel32, c => c.mov(cr0, eax))
        {
            Rax = Paging | 0x11, Given = m => m.State.Msr.Efer = LongModeEnable, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("long mode cannot be activated from a segment with the L bit", GuestMode.Kernel32, c => c.mov(cr0, eax))
        {
            Rax = Paging | 0x11,
            Given = m =>
            {
                m.State.Cr4 = Pae;
                m.State.Msr.Efer = LongModeEnable;
                m.State.Cs = m.State.Cs with { Attributes = new(0xE09B) };
            },
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("paging cannot be switched off in 64-bit mode", GuestMode.Kernel64, c => c.mov(cr0, rax))
        {
            Rax = 0x11, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("switching paging off in compatibility mode leaves long mode", GuestMode.KernelCompatibility, c => c.mov(cr0, eax))
        {
            Rax = 0x11, Then = m => Assert.Equal(0x101UL, m.State.Msr.Efer),
        },
        new("paging cannot be switched off with PCIDs", GuestMode.KernelCompatibility, c => c.mov(cr0, eax))
        {
            Rax = 0x11, Given = m => m.State.Cr4 |= Pcid, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("user code cannot touch control registers", GuestMode.User64, c => c.mov(rax, cr0))
        {
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("CR1 does not exist", GuestMode.Kernel64, c => c.db(0x0F, 0x20, 0xC8)) { Fault = Vector.InvalidOpcode },
        new("reserved bits of CR3 are refused", GuestMode.Kernel64, c => c.mov(cr3, rax))
        {
            Rax = 1UL << 40, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("CR3's no-flush bit needs PCIDs", GuestMode.Kernel64, c => c.mov(cr3, rax))
        {
            Rax = (1UL << 63) | PageTables.Root(GuestMode.Kernel64), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("CR3's no-flush bit is not stored", GuestMode.Kernel64, c => c.mov(cr3, rax))
        {
            Rax = (1UL << 63) | PageTables.Root(GuestMode.Kernel64) | 5, Given = m => m.State.Cr4 |= Pcid,
            Then = m => Assert.Equal(PageTables.Root(GuestMode.Kernel64) | 5UL, m.State.Cr3),
        },
        new("CR3 with PAE loads the four top entries", GuestMode.KernelPae, c => c.mov(cr3, eax))
        {
            Rax = Layout.Data,
            Given = m =>
            {
                m.Write(Layout.Data, PageTables.FirstPdpte);
                m.Write(Layout.Data + 24UL, 0x9001UL);
            },
            Then = m => Assert.Equal(0x9001UL, m.State.Pdpte3),
        },
        new("a reserved bit of a top entry is refused", GuestMode.KernelPae, c => c.mov(cr3, eax))
        {
            Rax = Layout.Data,
            Given = m =>
            {
                m.Write(Layout.Data, PageTables.FirstPdpte);
                m.Write(Layout.Data + 24UL, 0x9003UL);
            },
            Fault = Vector.GeneralProtection, Error = 0, Then = m => Assert.NotEqual(Layout.Data, m.State.Cr3),
        },
        new("reserved bits of an absent top entry do not matter", GuestMode.KernelPae, c => c.mov(cr3, eax))
        {
            Rax = Layout.Data,
            Given = m =>
            {
                m.Write(Layout.Data, PageTables.FirstPdpte);
                m.Write(Layout.Data + 24UL, 0x9002UL);
            },
            Then = m => Assert.Equal(Layout.Data, m.State.Cr3),
        },
        new("reserved bits of CR4 are refused", GuestMode.Kernel32, c => c.mov(cr4, eax))
        {
            Rax = 1 << 15, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("bits of features that the model lacks are refused in CR4", GuestMode.Kernel64, c => c.mov(cr4, rax))
        {
            Rax = Pae | (1 << 12), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("CR4.PAE stays set in long mode", GuestMode.Kernel64, c => c.mov(cr4, rax)) { Fault = Vector.GeneralProtection, Error = 0 },
        new("CR4.PCIDE needs long mode", GuestMode.Kernel32, c => c.mov(cr4, eax))
        {
            Rax = Pcid, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("CR4.PCIDE needs PCID 0", GuestMode.Kernel64, c => c.mov(cr4, rax))
        {
            Rax = Pae | Pcid, Given = m => m.State.Cr3 |= 1, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("CR8 of at least the threshold changes without an exit", GuestMode.Kernel64, c => { c.mov(cr8, rax); c.mov(rbx, cr8); })
        {
            Rax = 5, TaskPriorityThreshold = 5,
            Then = m =>
            {
                Assert.Equal((5UL, 5UL), (m.State.Cr8, m.State.Registers[3]));
                Assert.Empty(m.Exits);
            },
        },
        new("CR8 below the threshold is reported", GuestMode.Kernel64, c => c.mov(cr8, rax))
        {
            Rax = 5, TaskPriorityThreshold = 6,
            Then = m =>
            {
                Assert.Equal(5UL, m.State.Cr8);
                Assert.Equal([VmExit.TaskPriority(5)], m.Exits);
                Assert.Equal(m.End, m.State.Rip);
            },
        },
        new("CR8 has four bits", GuestMode.Kernel64, c => c.mov(cr8, rax)) { Rax = 16, Fault = Vector.GeneralProtection, Error = 0 },
        new("LMSW cannot clear PE", GuestMode.Kernel32, c => c.lmsw(ax)) { Then = m => Assert.Equal(1UL, m.State.Cr0 & 1) },
        new("LMSW sets TS, EM, MP and no more", GuestMode.Kernel32, c => c.lmsw(ax))
        {
            Rax = 0xFFFF, Then = m => Assert.Equal(0x1FUL, m.State.Cr0 & 0xFFFF),
        },
        new("CLTS clears TS", GuestMode.Kernel32, c => c.clts())
        {
            Given = m => m.State.Cr0 |= 8, Then = m => Assert.Equal(0UL, m.State.Cr0 & 8),
        },
        new("CLTS in user code is refused", GuestMode.User32, c => c.clts()) { Fault = Vector.GeneralProtection, Error = 0 },
        new("SMSW is open to user code", GuestMode.User32, c => c.smsw(eax)) { Then = m => Assert.Equal(0x6000_0011UL, m.Rax) },
        new("UMIP closes SMSW to user code", GuestMode.User32, c => c.smsw(eax))
        {
            Given = m => m.State.Cr4 |= 0x800, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("DR4 stands for DR6", GuestMode.Kernel32, c => c.db(0x0F, 0x21, 0xE0))
        {
            Given = m => m.State.Dr6 = 0xFFFF_4FF0, Then = m => Assert.Equal(0xFFFF_4FF0UL, m.Rax),
        },
        new("with CR4.DE, DR4 does not exist", GuestMode.Kernel32, c => c.db(0x0F, 0x21, 0xE0))
        {
            Given = m => m.State.Cr4 |= 8, Fault = Vector.InvalidOpcode,
        },
        new("DR7.GD traps access to debug registers", GuestMode.Kernel32, c => c.mov(eax, dr0))
        {
            Given = m => m.State.Dr7 = 0x2400, Fault = Vector.Debug,
            Then = m =>
            {
                Assert.Equal(0x2000UL, m.State.Dr6 & 0x2000);
                Assert.Equal(0x400UL, m.State.Dr7);
            },
        },
        new("the upper half of DR7 is reserved", GuestMode.Kernel64, c => c.mov(dr7, rax))
        {
            Rax = 1UL << 32, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("DR6 keeps its fixed bits", GuestMode.Kernel64, c => c.mov(dr6, rax)) { Then = m => Assert.Equal(0xFFFF_0FF0UL, m.State.Dr6) },
        new("user code cannot touch debug registers", GuestMode.User64, c => c.mov(rax, dr0))
        {
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("INVLPG in user code is refused", GuestMode.User64, c => c.invlpg(__[rax])) { Fault = Vector.GeneralProtection, Error = 0 },
        new("INVLPG takes any address", GuestMode.Kernel64, c => c.invlpg(__[rax])) { Rax = 0x8000_0000_0000 },
        new("INVPCID refuses unknown types", GuestMode.Kernel64, c => c.invpcid(rax, __[rcx]))
        {
            Rax = 4, Rcx = Layout.Data, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("INVPCID refuses a PCID without CR4.PCIDE", GuestMode.Kernel64, c => c.invpcid(rax, __[rcx]))
        {
            Rax = 1, Rcx = Layout.Data, Given = m => m.Write(Layout.Data, 1UL), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("INVPCID refuses a non-canonical address", GuestMode.Kernel64, c => c.invpcid(rax, __[rcx]))
        {
            Rcx = Layout.Data, Given = m => m.Write(Layout.Data + 8UL, 0x8000_0000_0000UL), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("INVPCID drops everything", GuestMode.Kernel64, c => c.invpcid(rax, __[rcx])) { Rax = 2, Rcx = Layout.Data },
        new("CLFLUSH faults like a load", GuestMode.Kernel64, c => c.clflush(__[rax]))
        {
            Rax = Layout.Data, Given = m => m.SetPage(Layout.Data, 1), Fault = Vector.PageFault, Error = 0,
        },
        new("WBINVD in user code is refused", GuestMode.User64, c => c.wbinvd()) { Fault = Vector.GeneralProtection, Error = 0 },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);
}
