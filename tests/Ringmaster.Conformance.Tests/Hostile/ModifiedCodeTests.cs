using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Hostile;

/// <summary>Code that changes under the processor's feet: what is executed is what is in memory (SDM 3A 8.1.3, 11.6; 4.10 for page tables).</summary>
public sealed class ModifiedCodeTests
{
    private const int Rounds = 200;

    private static readonly CaseTable s_cases = new()
    {
        // ADD EAX, imm32: each round makes the constant one more.
        new("a loop that changes a constant in its body", GuestMode.Kernel64, c =>
        {
            var constant = c.CreateLabel();
            c.mov(ecx, Rounds);
            c.mov(edi, Layout.Code + 20);
            c.nop(); c.nop(); c.nop(); c.nop(); c.nop();
            c.AnonymousLabel();
            c.inc(__dword_ptr[rdi]);
            c.nop(); c.nop();
            c.db(0x05, 0, 0, 0, 0);
            c.dec(ecx);
            c.jne(c.B);
        })
        {
            Then = m => Assert.Equal(Rounds * (Rounds + 1UL) / 2, m.Rax),
        },
        new("a call whose return address overwrites what it calls", GuestMode.Kernel32, c =>
        {
            c.mov(eax, Layout.Data);
            c.mov(esp, Layout.Code + 0x13);
            // CALL +2; then what becomes 0F 00 01 00, of which 01 00 is called.
            c.db(0xE8, 2, 0, 0, 0, 0x90, 0x90, 0x40, 0x90);
        })
        {
            Given = m => m.Write(Layout.Data, 5U),
            Then = m =>
            {
                Assert.Equal(Layout.Data, (uint)m.Rax);
                Assert.Equal(Layout.Data + 5, m.Read<uint>(Layout.Data));
            },
        },
        // MOV ECX, imm32 and RET in two places of a page; then REP STOSB and REP MOVSQ replace the whole page.
        new("string stores over a page of code that has been executed", GuestMode.Kernel64, c =>
        {
            c.mov(ebx, Rounds);
            c.AnonymousLabel();
            c.call(Layout.Target + 0x10);
            c.add(r8, rcx);
            c.call(Layout.Target + 0xF00);
            c.add(r8, rcx);
            c.dec(ebx);
            c.jne(c.B);
            c.mov(eax, 0xC3);
            c.mov(edi, Layout.Target);
            c.mov(ecx, 0x1000);
            c.rep.stosb();
            c.mov(ecx, 5);
            c.call(Layout.Target + 0x10);
            c.mov(r9, rcx);
            c.mov(esi, Layout.OtherFrame);
            c.mov(edi, Layout.Target);
            c.mov(ecx, 0x200);
            c.rep.movsq();
            c.call(Layout.Target + 0xF00);
            c.mov(r10, rcx);
        })
        {
            Given = m =>
            {
                m.State.Registers[8] = 0;
                m.Write(Layout.Target + 0x10, (ReadOnlySpan<byte>)[0xB9, 1, 0, 0, 0, 0xC3]);
                m.Write(Layout.Target + 0xF00, (ReadOnlySpan<byte>)[0xB9, 2, 0, 0, 0, 0xC3]);
                m.Write(Layout.OtherFrame + 0xF00, (ReadOnlySpan<byte>)[0xB9, 7, 0, 0, 0, 0xC3]);
            },
            Then = m => Assert.Equal((Rounds * 3UL, 5UL, 7UL), (m.State.Registers[8], m.State.Registers[9], m.State.Registers[10])),
        },
        // MOV EAX, imm32 and RET at the start of each page: written, executed, and written again each round, by an instruction that stores to another page, too.
        new("code in a large page whose other pages are stored to", GuestMode.Kernel64, c =>
        {
            c.xor(r8d, r8d);
            c.mov(ebx, Layout.Target);
            c.AnonymousLabel();
            c.mov(ecx, Rounds);
            var round = c.CreateLabel();
            c.Label(ref round);
            c.lea(rdi, __[rbx + 0x1800]);
            c.mov(edx, 2);
            var store = c.CreateLabel();
            c.Label(ref store);
            c.mov(__dword_ptr[rdi], ecx);
            c.lea(rdi, __[rbx + 1]);
            c.dec(edx);
            c.jne(store);
            c.call(rbx);
            c.add(r8, rax);
            c.dec(ecx);
            c.jne(round);
            c.add(ebx, 0x1000);
            c.cmp(ebx, Layout.Target + 0x8000);
            c.jne(c.B);
        })
        {
            Given = m =>
            {
                m.Write(PageTables.Level2, PageTables.All | PageTables.Large | PageTables.Accessed | PageTables.Dirty);
                for (var page = 0U; page < 8; page++)
                    m.Write(Layout.Target + page * 0x1000, (ReadOnlySpan<byte>)[0xB8, 0, 0, 0, 0, 0xC3]);
            },
            Then = m => Assert.Equal(8UL * Rounds * (Rounds + 1) / 2, m.State.Registers[8]),
        },
        Remapped(GuestMode.Kernel64),
        Remapped(GuestMode.KernelPae),
        Remapped(GuestMode.KernelTwoLevel),
        Remapped(GuestMode.KernelCompatibility),
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Code_is_what_memory_holds(string engine, string name) => s_cases.Run(engine, name);

    /// <summary>
    /// MOV EAX, imm32 lies across two pages, of which the second is mapped to one frame and to another in turn: its constant is
    /// 0x11111111 or 0x22222211.
    /// </summary>
    private static Case Remapped(GuestMode mode) => new($"an instruction whose second page is mapped anew each round, {mode}", mode, c =>
    {
        var entry = PageTables.WindowEntry(mode, 1) + (mode.IsTwoLevel() ? 4u : 8u);
        c.mov(ecx, Rounds);
        c.xor(edx, edx);
        c.mov(esi, (uint)entry);
        c.mov(edi, Layout.Window + 0x1000);
        c.mov(ebx, Layout.Window + 0xFFE);
        c.AnonymousLabel();
        const int change = (int)(Layout.Target ^ Layout.OtherFrame);
        if (mode.Is64Bit())
        {
            c.xor(__dword_ptr[rsi], change);
            c.invlpg(__[rdi]);
            c.call(rbx);
        }
        else
        {
            c.xor(__dword_ptr[esi], change);
            c.invlpg(__[edi]);
            c.call(ebx);
        }
        c.add(edx, eax);
        c.dec(ecx);
        c.jne(c.B);
    })
    {
        Given = m =>
        {
            var entry = PageTables.WindowEntry(mode, 1) + (mode.IsTwoLevel() ? 4u : 8u);
            m.Write(entry, (uint)(Layout.Target | PageTables.All));
            m.Write(Layout.Frame + 0xFFE, (ReadOnlySpan<byte>)[0xB8, 0x11]);
            m.Write(Layout.Target, (ReadOnlySpan<byte>)[0x11, 0x11, 0x11, 0xC3]);
            m.Write(Layout.OtherFrame, (ReadOnlySpan<byte>)[0x22, 0x22, 0x22, 0xC3]);
        },
        Then = m => Assert.Equal(Rounds / 2 * (0x1111_1111UL + 0x2222_2211UL) & uint.MaxValue, m.Rdx),
    };
}
