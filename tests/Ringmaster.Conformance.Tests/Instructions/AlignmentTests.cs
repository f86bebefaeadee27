using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Instructions;

/// <summary>#AC of user code, and #GP of vectors (SDM 3A 6.15 table 6-7).</summary>
public sealed class AlignmentTests
{
    private const ulong Mask = 1 << 18;

    private static readonly CaseTable s_cases = new()
    {
        User("a word at an odd address", c => c.mov(cx, __[Layout.Data + 1]), true),
        User("a word at an even address", c => c.mov(cx, __[Layout.Data + 2]), false),
        User("a byte anywhere", c => c.mov(cl, __[Layout.Data + 1]), false),
        User("a doubleword at 2 modulo 4", c => c.mov(ecx, __[Layout.Data + 2]), true),
        User("a doubleword at 4 modulo 8", c => c.mov(ecx, __[Layout.Data + 4]), false),
        User("a quadword at 4 modulo 8", c => c.mov(rcx, __[Layout.Data + 4]), true),
        User("a quadword at 8 modulo 16", c => c.mov(rcx, __[Layout.Data + 8]), false),
        User("a misaligned store", c => c.mov(__[Layout.Data + 1], ecx), true),
        User("a misaligned read-modify-write", c => c.inc(__dword_ptr[Layout.Data + 1]), true),
        User("a misaligned locked update", c => c.@lock.inc(__dword_ptr[Layout.Data + 1]), true),
        User("a misaligned string source", c => { c.mov(esi, Layout.Data + 1); c.lodsd(); }, true),
        User("an unaligned vector move", c => c.movups(xmm0, __[Layout.Data + 1]), false),
        User("a misaligned double", c => c.movsd(xmm0, __qword_ptr[Layout.Data + 4]), true),
        User("a misaligned float", c => c.fld(__dword_ptr[Layout.Data + 2]), true),
        User("a misaligned extended float", c => c.fld(__tbyte_ptr[Layout.Data + 4]), true),
        User("an aligned extended float", c => c.fld(__tbyte_ptr[Layout.Data + 8]), false),
        User("SIDT at 2 modulo 4 of a quadword is aligned for its limit", c => c.sidt(__[Layout.Data + 6]), false),
        User("SIDT at an odd address", c => c.sidt(__[Layout.Data + 1]), true),
        new("a misaligned push", GuestMode.User64, c => c.push(rax))
        {
            Given = m =>
            {
                Enable(m);
                m.Rsp -= 4;
            },
            Fault = Vector.AlignmentCheck, Error = 0, Then = m => Assert.Equal(Layout.UserStack - 4UL, m.Pushed().Rsp),
        },
        new("a misaligned return", GuestMode.User64, c => c.ret())
        {
            Given = m =>
            {
                Enable(m);
                m.Rsp -= 4;
            },
            Fault = Vector.AlignmentCheck, Error = 0,
        },
        new("the kernel is not checked", GuestMode.Kernel64, c => c.mov(ecx, __[Layout.Data + 1])) { Given = Enable },
        new("without CR0.AM nothing is checked", GuestMode.User64, c => c.mov(ecx, __[Layout.Data + 1]))
        {
            Given = m => m.State.Rflags |= Mask,
        },
        new("without RFLAGS.AC nothing is checked", GuestMode.User64, c => c.mov(ecx, __[Layout.Data + 1])) { Given = m => m.State.Cr0 |= Mask },
        new("POPF switches the check on", GuestMode.User64, c => { c.mov(ecx, __[Layout.Data + 1]); c.popfq(); c.mov(ecx, __[Layout.Data + 1]); })
        {
            Given = m =>
            {
                m.State.Cr0 |= Mask;
                m.Push(8, Mask | 2);
            },
            Fault = Vector.AlignmentCheck, Error = 0,
        },
        new("virtual-8086 code is checked", GuestMode.Virtual8086, c => c.mov(cx, __[1])) { Given = Enable, Fault = Vector.AlignmentCheck, Error = 0 },
        new("compatibility code is checked", GuestMode.UserCompatibility, c => c.mov(ecx, __[Layout.Data + 1]))
        {
            Given = Enable, Fault = Vector.AlignmentCheck, Error = 0,
        },
        new("delivery and IRET are the kernel's and not checked", GuestMode.User64, c => c.@int(0x80))
        {
            Given = m =>
            {
                Enable(m);
                m.Write(Layout.Tss + 4UL, Layout.Stack0 - 4UL);
            },
            Handler = 0x80,
        },
        Vectors("MOVAPS at a multiple of sixteen", c => c.movaps(xmm0, __[Layout.Data + 16]), true),
        Vectors("MOVAPS elsewhere", c => c.movaps(xmm0, __[Layout.Data + 8]), false),
        Vectors("MOVAPS stored elsewhere", c => c.movaps(__[Layout.Data + 4], xmm0), false),
        Vectors("MOVUPS elsewhere", c => c.movups(xmm0, __[Layout.Data + 1]), true),
        Vectors("ADDPS of a misaligned operand", c => c.addps(xmm0, __[Layout.Data + 4]), false),
        Vectors("ADDSS of a misaligned operand", c => c.addss(xmm0, __dword_ptr[Layout.Data + 1]), true),
        Vectors("MOVNTPS elsewhere", c => c.movntps(__[Layout.Data + 8], xmm0), false),
        Vectors("LDDQU elsewhere", c => c.lddqu(xmm0, __[Layout.Data + 1]), true),
        Vectors("FXSAVE elsewhere", c => c.fxsave(__[Layout.Data + 8]), false),
        Vectors("CMPXCHG16B elsewhere", c => c.cmpxchg16b(__xmmword_ptr[Layout.Data + 8]), false),
        new("#GP of a misaligned vector comes before its page fault", GuestMode.User64, c => c.movaps(xmm0, __[Layout.Window + 8]))
        {
            Given = m =>
            {
                m.State.Cr4 |= 0x200;
                m.SetWindow(0);
            },
            Fault = Vector.GeneralProtection, Error = 0,
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static void Enable(Guest guest)
    {
        guest.State.Cr0 |= Mask;
        guest.State.Rflags |= Mask;
        guest.State.Cr4 |= 0x200;
    }

    private static Case User(string name, Action<Iced.Intel.Assembler> code, bool faults)
    {
        var row = new Case(name, GuestMode.User64, code) { Given = Enable };
        return faults ? row with { Fault = Vector.AlignmentCheck, Error = 0 } : row;
    }

    private static Case Vectors(string name, Action<Iced.Intel.Assembler> code, bool allowed)
    {
        var row = new Case(name, GuestMode.User64, code) { Given = m => m.State.Cr4 |= 0x200 };
        return allowed ? row : row with { Fault = Vector.GeneralProtection, Error = 0 };
    }
}
