using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;
using static Ringmaster.Conformance.Tests.Matrix.ModeMatrix;
using static Ringmaster.Conformance.Tests.Matrix.Operands;

namespace Ringmaster.Conformance.Tests.Matrix;

/// <summary>
/// The seventeen instructions that touch what is privileged and need not trap, at every level and in every mode; what they
/// return is compared where it tells something.
/// </summary>
public sealed class SensitiveInstructionTests
{
    //                                                 R  V3 V0 K32 U32 K64 U64 KC UC
    private static readonly CaseTable s_cases = new(
        Row("SGDT",                                   ". . . . . . . . .", (c, m) => c.sgdt(DataOperand(m))),
        Row("SGDT with UMIP",                         ". G G . G . G . G", (c, m) => c.sgdt(DataOperand(m)), Umip),
        Row("SIDT",                                   ". . . . . . . . .", (c, m) => c.sidt(DataOperand(m))),
        Row("SIDT with UMIP",                         ". G G . G . G . G", (c, m) => c.sidt(DataOperand(m)), Umip),
        Row("SLDT",                                   "U U U . . . . . .", (c, _) => c.sldt(ax)),
        Row("SLDT with UMIP",                         "U U U . G . G . G", (c, _) => c.sldt(ax), Umip),
        Row("STR",                                    "U U U . . . . . .", (c, _) => c.str(ax)),
        Row("STR with UMIP",                          "U U U . G . G . G", (c, _) => c.str(ax), Umip),
        Row("SMSW",                                   ". . . . . . . . .", (c, _) => c.smsw(ax)),
        Row("SMSW with UMIP",                         ". G G . G . G . G", (c, _) => c.smsw(ax), Umip),
        Bytes("PUSHF",                                ". . G . . . . . .", [0x9C]),
        Bytes("POPF",                                 ". . G . . . . . .", [0x9D], m => m.Push(Slot(m.Mode), 2)),
        Row("LAR",                                    "U U U . . . . . .", (c, _) => c.lar(ax, cx), rcx: Selectors.UserData),
        Row("LSL",                                    "U U U . . . . . .", (c, _) => c.lsl(ax, cx), rcx: Selectors.UserData),
        Row("VERR",                                   "U U U . . . . . .", (c, _) => c.verr(cx), rcx: Selectors.UserData),
        Row("VERW",                                   "U U U . . . . . .", (c, _) => c.verw(cx), rcx: Selectors.UserData),
        Bytes("POP DS",                               ". . . . . U U . .", [0x1F], PushData),
        Bytes("POP ES",                               ". . . . . U U . .", [0x07], PushData),
        Bytes("POP SS",                               ". . . . . U U . .", [0x17], PushStack),
        Bytes("POP FS",                               ". . . . . . . . .", [0x0F, 0xA1], PushData),
        Bytes("POP GS",                               ". . . . . . . . .", [0x0F, 0xA9], PushData),
        Bytes("PUSH CS",                              ". . . . . U U . .", [0x0E]),
        Bytes("PUSH DS",                              ". . . . . U U . .", [0x1E]),
        Bytes("PUSH FS",                              ". . . . . . . . .", [0x0F, 0xA0]),
        Bytes("PUSH GS",                              ". . . . . . . . .", [0x0F, 0xA8]),
        Row("MOV from a segment register",            ". . . . . . . . .", (c, _) => c.mov(ax, ds)),
        Bytes("MOV to a segment register",            ". . . . . . . . .", [0x8E, 0xD8], m => m.State.Registers[0] = DataSelector(m.Mode)),
        Bytes("MOV to CS",                            "U U U U U U U U U", [0x8E, 0xC8]),
        Bytes("MOV to segment register 6",            "U U U U U U U U U", [0x8E, 0xF0]),
        Row("INT n",                                  "I I G I I I I I I", (c, _) => c.@int(0x80)),
        Row("INT3",                                   "I I I I I I I I I", (c, _) => c.int3(), interrupt: 3),
        Far("far CALL",                               ". . . . . U U . .", 0x9A),
        Far("far JMP",                                ". . . . . U U . .", 0xEA),
        FarIndirect("far CALL through memory",        ". . . . . . . . .", 3),
        FarIndirect("far JMP through memory",         ". . . . . . . . .", 5),
        Landing(Bytes("far RET",                      ". . . . . . . . .", [0xCB], PushReturn)))
    {
        new("SGDT stores the table's limit and base", GuestMode.User64, c => c.sgdt(__[Layout.Data]))
        {
            Then = m => Assert.Equal((0x137, (ulong)Layout.Gdt), (m.Read<ushort>(Layout.Data), m.Read<ulong>(Layout.Data + 2UL))),
        },
        new("SIDT stores 32 bits of base outside 64-bit mode", GuestMode.User32, c => c.sidt(__[Layout.Data]))
        {
            Given = m => m.Write(Layout.Data, ulong.MaxValue),
            Then = m => Assert.Equal((0x7FF, Layout.Idt, 0xFFFF), (m.Read<ushort>(Layout.Data), m.Read<uint>(Layout.Data + 2UL), m.Read<ushort>(Layout.Data + 6UL))),
        },
        new("SLDT returns the local table's selector", GuestMode.User32, c => c.sldt(eax))
        {
            Rax = ulong.MaxValue, Then = m => Assert.Equal((ulong)Selectors.Ldt, m.Rax),
        },
        new("STR returns the task's selector", GuestMode.User64, c => c.str(rax))
        {
            Rax = ulong.MaxValue, Then = m => Assert.Equal((ulong)Selectors.Tss, m.Rax),
        },
        new("STR of 16 bits leaves the rest of its register", GuestMode.User64, c => c.str(ax))
        {
            Rax = ulong.MaxValue, Then = m => Assert.Equal(0xFFFF_FFFF_FFFF_0000UL | Selectors.Tss, m.Rax),
        },
        new("SMSW of 32 bits returns all of CR0", GuestMode.User64, c => c.smsw(rax)) { Then = m => Assert.Equal(0xE000_0011UL, m.Rax) },
        new("PUSHF shows IOPL and IF to user code, and neither VM nor RF", GuestMode.User32, c => c.pushfd())
        {
            Given = m => m.State.Rflags = 0x1_1202, Then = m => Assert.Equal(0x1202UL, m.Frame(1, 4)[0]),
        },
        new("POPF keeps IF and IOPL of user code without a word", GuestMode.User64, c => c.popfq())
        {
            Given = m => m.Push(8, 0x3202), Then = m => Assert.Equal(2UL, m.State.Rflags),
        },
        new("POPF at IOPL 3 loads IF", GuestMode.User64, c => c.popfq())
        {
            Given = m =>
            {
                m.State.Rflags = 0x3002;
                m.Push(8, 0x202);
            },
            Then = m => Assert.Equal(0x3202UL, m.State.Rflags),
        },
        new("POPF in the kernel loads IOPL and clears RF, VM, VIF, VIP", GuestMode.Kernel32, c => c.popfd())
        {
            Given = m => m.Push(4, 0x1B_3202), Then = m => Assert.Equal(0x3202UL, m.State.Rflags),
        },
        Inspect("LAR returns the rights", c => c.lar(eax, ecx), Selectors.UserData, true, m => Assert.Equal(0x00C0_F300UL, m.Rax & LarDefined)),
        Inspect("LAR fails for a segment of an inner level", c => c.lar(eax, ecx), Selectors.Data, false, m => Assert.Equal(7UL, m.Rax)),
        Inspect("LAR looks at the requested level", c => c.lar(eax, ecx), Selectors.Conforming32 | 3, true, _ => { }),
        Inspect("LAR fails for a null selector", c => c.lar(eax, ecx), 3, false, m => Assert.Equal(7UL, m.Rax)),
        Inspect("LAR fails beyond the table", c => c.lar(eax, ecx), Selectors.BeyondTable, false, _ => { }),
        Inspect("LAR returns a call gate's rights", c => c.lar(eax, ecx), Selectors.UserCallGate, true, m => Assert.Equal(0xEC00UL, m.Rax & 0xFF00)),
        Inspect("LAR returns a task gate's rights", c => c.lar(eax, ecx), Selectors.UserTaskGate, true, m => Assert.Equal(0xE500UL, m.Rax & 0xFF00)),
        Inspect("LAR does not mind an absent segment", c => c.lar(eax, ecx), Selectors.UserData, true,
            m => Assert.Equal(0x7300UL, m.Rax & 0xFF00), m => m.SetDescriptor(Selectors.UserData, Descriptors.Segment(0, 0xFFFFF, 0x73, 0xC))),
        Inspect("LSL returns the limit in bytes", c => c.lsl(eax, ecx), Selectors.UserData, true, m => Assert.Equal(0xFFFF_FFFFUL, m.Rax)),
        Inspect("LSL returns a task's limit", c => c.lsl(eax, ecx), Selectors.UserTss, true, m => Assert.Equal(0x110UL, m.Rax)),
        Inspect("LSL knows no gates", c => c.lsl(eax, ecx), Selectors.UserCallGate, false, m => Assert.Equal(7UL, m.Rax)),
        Inspect("VERR accepts readable data", c => c.verr(cx), Selectors.UserData, true, _ => { }),
        Inspect("VERR accepts readable conforming code", c => c.verr(cx), Selectors.Conforming32, true, _ => { }),
        Inspect("VERR refuses kernel data", c => c.verr(cx), Selectors.Data, false, _ => { }),
        Inspect("VERR refuses system segments", c => c.verr(cx), Selectors.UserTss, false, _ => { }),
        Inspect("VERW accepts writable data", c => c.verw(cx), Selectors.UserData, true, _ => { }),
        Inspect("VERW refuses code", c => c.verw(cx), Selectors.UserCode32, false, _ => { }),
        Inspect("ARPL raises the requested level", c => c.arpl(cx, dx), Selectors.Data, true, m => Assert.Equal(Selectors.Data | 3UL, m.Rcx)),
        Inspect("ARPL leaves a weak selector", c => c.arpl(cx, dx), Selectors.Data | 3, false, m => Assert.Equal(Selectors.Data | 3UL, m.Rcx)),
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    /// <summary>The bits of LAR's result that are defined for segments: 16 to 19 are not (SDM 2A LAR).</summary>
    private const ulong LarDefined = 0xFFF0_FFFF;

    private static void Umip(Guest guest) => guest.State.Cr4 |= 0x800;

    private static void PushStack(Guest guest) =>
        guest.Push(Slot(guest.Mode), guest.Mode.Is16Bit() ? 0x2800UL : DataSelector(guest.Mode));

    private static IEnumerable<Case> Landing(IEnumerable<Case> rows) => rows.Select(row => row with { Lands = CodeOffset(row.Mode) });

    private static IEnumerable<Case> Far(string name, string outcomes, byte opcode) => Landing(Row(name, outcomes, (c, m) =>
    {
        var (offset, selector) = (CodeOffset(m), CodeSelector(m));
        if (m.Is16Bit())
            c.db(opcode, (byte)offset, (byte)(offset >> 8), (byte)selector, (byte)(selector >> 8));
        else
            c.db(opcode, (byte)offset, (byte)(offset >> 8), (byte)(offset >> 16), (byte)(offset >> 24), (byte)selector, (byte)(selector >> 8));
    }));

    private static IEnumerable<Case> FarIndirect(string name, string outcomes, int extension) => Landing(Row(name, outcomes, (c, m) =>
    {
        var address = m.Is16Bit() ? 0 : Layout.Data;
        if (m.Is16Bit())
            c.db(0xFF, (byte)(0x06 | extension << 3), 0, 0);
        else if (m.Is64Bit())
            c.db(0xFF, (byte)(0x04 | extension << 3), 0x25, (byte)address, (byte)(address >> 8), 0, 0);
        else
            c.db(0xFF, (byte)(0x05 | extension << 3), (byte)address, (byte)(address >> 8), 0, 0);
    }, m =>
    {
        m.Write(Layout.Data, CodeOffset(m.Mode));
        m.Write(Layout.Data + (m.Mode.Is16Bit() ? 2UL : 4UL), CodeSelector(m.Mode));
    }));

    private static Case Inspect(string name, Action<Iced.Intel.Assembler> code, ushort selector, bool accepted, Action<Guest> then,
        Action<Guest>? given = null) => new(name, GuestMode.User32, code)
        {
            Rax = 7, Rcx = selector, Rdx = 3, Given = given,
            Then = m =>
            {
                Assert.Equal(accepted ? 0x40UL : 0, m.State.Rflags & 0x40);
                then(m);
            },
        };
}
