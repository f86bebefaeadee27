using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;
using static Ringmaster.Conformance.Tests.Matrix.ModeMatrix;
using static Ringmaster.Conformance.Tests.Matrix.Operands;

namespace Ringmaster.Conformance.Tests.Matrix;

/// <summary>Instructions that are privileged, or exist in some modes only, in all of them (SDM 3A 5.9).</summary>
public sealed class PrivilegedInstructionTests
{
    //                                                 R  V3 V0 K32 U32 K64 U64 KC UC
    private static readonly CaseTable s_cases = new(
        Row("LGDT",                                   ". G G . G . G . G", (c, m) => c.lgdt(DataOperand(m)), m => WriteTable(m, 0x137, Layout.Gdt)),
        Row("LIDT",                                   ". G G . G . G . G", (c, m) => c.lidt(DataOperand(m)), m => WriteTable(m, 0x3FF, 0)),
        Row("LLDT",                                   "U U U . G . G . G", (c, _) => c.lldt(ax)),
        Row("LTR of a null selector",                 "U U U G G G G G G", (c, _) => c.ltr(ax)),
        Row("LMSW",                                   ". G G . G . G . G", (c, _) => c.lmsw(ax)),
        Row("CLTS",                                   ". G G . G . G . G", (c, _) => c.clts()),
        Row("HLT",                                    "H G G H G H G H G", (c, _) => c.hlt()),
        Bytes("MOV from CR0",                         ". G G . G . G . G", [0x0F, 0x20, 0xC0]),
        Bytes("MOV from CR2",                         ". G G . G . G . G", [0x0F, 0x20, 0xD0]),
        Bytes("MOV from CR1",                         "U U U U U U U U U", [0x0F, 0x20, 0xC8]),
        Bytes("MOV from CR5",                         "U U U U U U U U U", [0x0F, 0x20, 0xE8]),
        Bytes("MOV to CR2",                           ". G G . G . G . G", [0x0F, 0x22, 0xD0]),
        Bytes("MOV from DR7",                         ". G G . G . G . G", [0x0F, 0x21, 0xF8]),
        Bytes("MOV to DR0",                           ". G G . G . G . G", [0x0F, 0x23, 0xC0]),
        Row("INVLPG",                                 ". G G . G . G . G", (c, m) => c.invlpg(DataOperand(m))),
        Row("INVD",                                   ". G G . G . G . G", (c, _) => c.invd()),
        Row("WBINVD",                                 ". G G . G . G . G", (c, _) => c.wbinvd()),
        Row("RDMSR",                                  ". G G . G . G . G", (c, _) => c.rdmsr(), rcx: 0x10),
        Row("WRMSR",                                  ". G G . G . G . G", (c, _) => c.wrmsr(), rcx: 0x10),
        Row("RDPMC",                                  ". G G . G . G . G", (c, _) => c.rdpmc()),
        Row("RDPMC with CR4.PCE",                     ". . . . . . . . .", (c, _) => c.rdpmc(), m => m.State.Cr4 |= 0x100),
        Row("RDTSC",                                  ". . . . . . . . .", (c, _) => c.rdtsc()),
        Row("RDTSC with CR4.TSD",                     ". G G . G . G . G", (c, _) => c.rdtsc(), m => m.State.Cr4 |= 4),
        Row("RDTSCP with CR4.TSD",                    ". G G . G . G . G", (c, _) => c.rdtscp(), m => m.State.Cr4 |= 4),
        Row("CPUID",                                  ". . . . . . . . .", (c, _) => c.cpuid()),
        Row("CLI",                                    ". . G . G . G . G", (c, _) => c.cli()),
        Row("STI",                                    ". . G . G . G . G", (c, _) => c.sti()),
        Row("CLI with VME and PVI",                   ". . . . . . . . .", (c, _) => c.cli(), m => m.State.Cr4 |= 3),
        Row("STI with VME and PVI",                   ". . . . . . . . .", (c, _) => c.sti(), m => m.State.Cr4 |= 3),
        Row("IN of a forbidden port",                 ". G G . G . G . G", (c, _) => c.@in(al, 8)),
        Row("IN of an allowed port",                  ". . . . . . . . .", (c, _) => c.@in(al, 7)),
        Row("OUT across into a forbidden port",       ". G G . G . G . G", (c, _) => c.@out(7, ax)),
        Row("OUT beyond the map",                     ". G G . G . G . G", (c, _) => c.@out(dx, al), rdx: 0xFFFF),
        Row("INVPCID",                                ". G G . G . G . G",
            (c, m) => { if (m.Is64Bit()) c.invpcid(rax, DataOperand(m)); else c.invpcid(eax, DataOperand(m)); }, rax: 2),
        Row("SWAPGS",                                 "U U U U U . G U U", (c, _) => c.db(0x0F, 0x01, 0xF8)),
        Row("SYSCALL without EFER.SCE",               "U U U U U U U U U", (c, _) => c.syscall(), m => m.State.Msr.Efer &= ~1UL),
        Row("SYSENTER without a segment",             "G G G G G G G G G", (c, _) => c.sysenter(), intel: true),
        Bytes("SYSEXIT without a segment",            "G G G G G G G G G", [0x0F, 0x35], intel: true),
        Row("MONITOR",                                ". U U . U . U . U", (c, _) => c.db(0x0F, 0x01, 0xC8), rax: 0x100),
        Row("MWAIT that nothing has armed",           ". U U . U . U . U", (c, _) => c.mwait()),
        Row("MWAIT with unknown extensions",          "G U U G U G U G U", (c, _) => c.mwait(), rcx: 2),
        Row("STAC",                                   ". U U . U . U . U", (c, _) => c.stac()),
        Row("CLAC",                                   ". U U . U . U . U", (c, _) => c.clac()),
        Row("XGETBV without CR4.OSXSAVE",             "U U U U U U U U U", (c, _) => c.xgetbv()),
        Row("XGETBV",                                 ". . . . . . . . .", (c, _) => c.xgetbv(), m => m.State.Cr4 |= 0x4_0000),
        Row("XSETBV",                                 ". G G . G . G . G", (c, _) => c.xsetbv(), m => m.State.Cr4 |= 0x4_0000, rax: 1),
        Row("RDPKRU without CR4.PKE",                 "U U U U U U U U U", (c, _) => c.rdpkru()),
        Row("WRFSBASE",                               "U U U U U . . U U", (c, _) => c.db(0xF3, 0x0F, 0xAE, 0xD0), m => m.State.Cr4 |= 0x1_0000),
        Bytes("RSM",                                  "U U U U U U U U U", [0x0F, 0xAA]),
        Bytes("VMCALL",                               "U U U U U U U U U", [0x0F, 0x01, 0xC1]),
        Bytes("VMRUN",                                "U U U U U U U U U", [0x0F, 0x01, 0xD8]),
        Bytes("UD0",                                  "U U U U U U U U U", [0x0F, 0xFF, 0xC0]),
        Bytes("UD1",                                  "U U U U U U U U U", [0x0F, 0xB9, 0xC0]),
        Bytes("UD2",                                  "U U U U U U U U U", [0x0F, 0x0B]),
        Row("ARPL, or MOVSXD in 64-bit mode",         "U U U . . . . . .", (c, _) => c.db(0x63, 0xC8)),
        Bytes("AAA",                                  ". . . . . U U . .", [0x37]),
        Bytes("DAA",                                  ". . . . . U U . .", [0x27]),
        Bytes("AAM",                                  ". . . . . U U . .", [0xD4, 0x0A]),
        Bytes("PUSHA",                                ". . . . . U U . .", [0x60]),
        Bytes("POPA",                                 ". . . . . U U . .", [0x61], m => m.Rsp -= 0x40),
        Bytes("INTO without overflow",                ". . . . . U U . .", [0xCE]),
        Bytes("SALC",                                 ". . . . . U U . .", [0xD6]),
        Bytes("opcode 82",                            ". . . . . U U . .", [0x82, 0xC0, 0x00]))
    {
        new("LTR makes the task busy", GuestMode.Kernel32, c => c.ltr(ax))
        {
            Rax = Selectors.OtherTss,
            Then = m => Assert.Equal((0x8B, Selectors.OtherTss), (m.Read<byte>(Layout.Gdt + Selectors.OtherTss + 5UL), m.State.Tr.Selector)),
        },
        new("LTR refuses a busy task", GuestMode.Kernel32, c => c.ltr(ax))
        {
            Rax = Selectors.Tss, Fault = Vector.GeneralProtection, Error = Selectors.Tss,
        },
        new("LTR of an absent task raises #NP", GuestMode.Kernel32, c => c.ltr(ax))
        {
            Rax = Selectors.OtherTss, Given = m => m.SetDescriptor(Selectors.OtherTss, Descriptors.Segment(Layout.OtherTss, 0x67, 0x09, 0)),
            Fault = Vector.SegmentNotPresent, Error = Selectors.OtherTss,
        },
        new("LTR refuses the local table", GuestMode.Kernel32, c => c.ltr(ax))
        {
            Rax = Selectors.LocalData, Fault = Vector.GeneralProtection, Error = Selectors.LocalData,
        },
        new("LTR in long mode takes a 64-bit base", GuestMode.Kernel64, c => c.ltr(ax))
        {
            Rax = Selectors.CallGate, Given = m => m.SetDescriptor(Selectors.CallGate, Descriptors.Segment(Layout.Tss, 0x110, 0x89, 0), 0xFFFF_8000),
            Then = m => Assert.Equal(Layout.HighHalf | Layout.Tss, m.State.Tr.Base),
        },
        new("LTR in long mode refuses a 16-bit task", GuestMode.Kernel64, c => c.ltr(ax))
        {
            Rax = Selectors.Tss16, Fault = Vector.GeneralProtection, Error = Selectors.Tss16,
        },
        new("LLDT loads the hidden part", GuestMode.Kernel32, c => c.lldt(ax))
        {
            Rax = Selectors.Ldt, Given = m => m.State.Ldtr = default, Then = m => Assert.Equal((Layout.Ldt, 0xFFU), (m.State.Ldtr.Base, m.State.Ldtr.Limit)),
        },
        new("LLDT refuses data", GuestMode.Kernel32, c => c.lldt(ax))
        {
            Rax = Selectors.Data, Fault = Vector.GeneralProtection, Error = Selectors.Data,
        },
        new("LLDT of an absent table raises #NP", GuestMode.Kernel32, c => c.lldt(ax))
        {
            Rax = Selectors.Ldt, Given = m => m.SetDescriptor(Selectors.Ldt, Descriptors.Segment(Layout.Ldt, 0xFF, 0x02, 0)),
            Fault = Vector.SegmentNotPresent, Error = Selectors.Ldt,
        },
        new("LGDT with 16-bit operands takes 24 bits of base", GuestMode.Real, c => c.lgdt(__[0]))
        {
            Given = m => WriteTable(m, 0x137, 0xFF00_6000), Then = m => Assert.Equal(Layout.Gdt, m.State.Gdtr.Base),
        },
        new("LGDT refuses a base that is not canonical", GuestMode.Kernel64, c => c.lgdt(__[Layout.Data]))
        {
            Given = m => WriteTable(m, 0x137, 0x8000_0000_0000), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("LGDT on a wide processor takes 57 bits whatever CR4.LA57 says", GuestMode.Kernel64, c => c.lgdt(__[Layout.Data]))
        {
            Wide = true, Given = m => WriteTable(m, 0x137, 0x8000_0000_0000), Then = m => Assert.Equal(0x8000_0000_0000UL, m.State.Gdtr.Base),
        },
        new("STI with PVI sets VIF only", GuestMode.User32, c => c.sti())
        {
            Given = m => m.State.Cr4 |= 2, Then = m => Assert.Equal(0x8_0002UL, m.State.Rflags),
        },
        new("STI with PVI and a pending virtual interrupt is refused", GuestMode.User32, c => c.sti())
        {
            Given = m =>
            {
                m.State.Cr4 |= 2;
                m.State.Rflags |= 0x10_0000;
            },
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("STI with VME and a pending virtual interrupt is refused", GuestMode.Virtual8086Restricted, c => c.sti())
        {
            Given = m =>
            {
                m.State.Cr4 |= 1;
                m.State.Rflags |= 0x10_0000;
            },
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("MONITOR and MWAIT wait", GuestMode.Kernel64, c =>
        {
            c.monitor();
            c.mwait();
        })
        {
            Rax = Layout.Data, Ends = Ending.Halt, Then = m => Assert.Equal(m.End, m.State.Rip),
        },
        new("MWAIT does not wait when masked interrupts shall end it", GuestMode.Kernel64, c =>
        {
            c.monitor();
            c.mov(ecx, 1);
            c.mwait();
        })
        {
            Rax = Layout.Data,
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static void WriteTable(Guest guest, ushort limit, ulong start)
    {
        guest.Write(Layout.Data, limit);
        guest.Write(Layout.Data + 2UL, start);
    }
}
