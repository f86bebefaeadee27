using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.Exits;
using static Iced.Intel.AssemblerRegisters;
using static Ringmaster.Conformance.Tests.Harness.PageTables;

namespace Ringmaster.Conformance.Tests.Instructions;

/// <summary>
/// Loads of operands that lie in two pages which are far from each other in memory, often enough that an engine has its quickest way
/// for them (SDM 3A 4.1, 8.1.1: such accesses may be split, but see memory as it is).
/// </summary>
public sealed class CrossingTests
{
    private const int Rounds = 500;
    private const uint Second = Layout.Data + 0x1000, Operand = Second - 2;

    private static readonly GuestMode[] s_modes = [GuestMode.KernelTwoLevel, GuestMode.KernelPae, GuestMode.Kernel64, GuestMode.KernelFiveLevel, GuestMode.User64];

    private static readonly CaseTable s_cases = new(s_modes.SelectMany(InEveryMode))
    {
        new("vectors", GuestMode.User64, c =>
        {
            c.mov(ecx, Rounds);
            c.pxor(xmm0, xmm0);
            c.AnonymousLabel();
            c.movdqu(xmm1, __[Second - 5]);
            c.paddb(xmm0, xmm1);
            c.inc(__byte_ptr[Second - 5]);
            c.inc(__byte_ptr[Second + 10]);
            c.dec(ecx);
            c.jne(c.B);
            c.movdqu(__[Layout.Data], xmm0);
        })
        {
            Given = m =>
            {
                Part(m);
                // OSFXSR.
                m.State.Cr4 |= 0x200;
                for (var i = 0u; i < 16; i++)
                    Set(m, Second - 5 + i, (byte)i);
            },
            Then = m =>
            {
                for (var i = 0u; i < 16; i++)
                {
                    var grown = i is 0 or 15 ? Rounds * (Rounds - 1) / 2 : 0;
                    Assert.Equal((byte)(i * Rounds + grown), m.Read<byte>(Layout.Data + i));
                }
            },
        },
        new("flags of a comparison", GuestMode.Kernel64, c =>
        {
            c.mov(ecx, Rounds);
            c.mov(edx, 0);
            c.AnonymousLabel();
            c.cmp(ecx, __dword_ptr[Operand]);
            c.adc(edx, 0);
            c.dec(ecx);
            c.jne(c.B);
        })
        {
            Given = m =>
            {
                Part(m);
                Set(m, Operand, 100);
                for (var i = 1u; i < 4; i++)
                    Set(m, Operand + i, 0);
            },
            // Below it from 99 down to 1.
            Then = m => Assert.Equal(99UL, m.Rdx),
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Loads_across_pages_behave(string engine, string name) => s_cases.Run(engine, name);

    private static IEnumerable<Case> InEveryMode(GuestMode mode)
    {
        yield return new($"bytes that change in both pages, {mode}", mode, c =>
        {
            c.mov(ecx, Rounds);
            c.mov(edx, 0);
            c.AnonymousLabel();
            c.add(edx, __dword_ptr[Operand]);
            c.inc(__byte_ptr[Second - 1]);
            c.inc(__byte_ptr[Second]);
            c.dec(ecx);
            c.jne(c.B);
        })
        {
            Given = Part,
            Then = m =>
            {
                uint sum = 0;
                for (uint round = 0; round < Rounds; round++)
                {
                    var (second, third) = (0x20 + round & 0xFF, 0x30 + round & 0xFF);
                    sum += 0x4000_0010 | second << 8 | third << 16;
                }
                Assert.Equal(sum, (uint)m.Rdx);
                Assert.Equal(Accessed, m.Read<uint>(IdentityEntry(mode, Second)) & Accessed);
            },
        };
        yield return new($"a second page that a device answers for, {mode}", mode, c =>
        {
            c.mov(ecx, 2);
            c.mov(edx, 0);
            c.AnonymousLabel();
            c.add(edx, __dword_ptr[Operand]);
            c.dec(ecx);
            c.jne(c.B);
        })
        {
            Given = m =>
            {
                Part(m);
                m.SetPage(Second, ulong.MaxValue, 0x3000_0000 | All);
                m.Answers.Enqueue(ExitAnswer.Value(1));
                m.Answers.Enqueue(ExitAnswer.Value(2));
            },
            Then = m =>
            {
                Assert.Equal(0x0003_0000U + 2 * 0x2010, (uint)m.Rdx);
                Assert.All(m.Exits, exit => Assert.Equal(0x3000_0000UL, exit.Address));
            },
        };
        yield return new($"a first page that is absent, {mode}", mode, c => c.mov(edx, __dword_ptr[Operand]))
        {
            Given = m =>
            {
                Part(m);
                m.SetPage(Layout.Data, Present);
            },
            Fault = Vector.PageFault, Error = mode.IsUser() ? 4U : 0,
            Then = m =>
            {
                Assert.Equal(Operand, m.State.Cr2);
                Assert.Equal(0U, m.Read<uint>(IdentityEntry(mode, Second)) & Accessed);
            },
        };
        if (mode.IsUser())
            yield break;
        yield return new($"a second page that goes away, {mode}", mode, c =>
        {
            var again = c.CreateLabel();
            c.mov(ecx, Rounds);
            c.Label(ref again);
            c.mov(edx, __dword_ptr[Operand]);
            c.dec(ecx);
            c.jne(again);
            c.mov(__dword_ptr[(uint)IdentityEntry(mode, Second)], 0);
            c.invlpg(__[Second]);
            c.inc(ecx);
            c.mov(edx, 0x1234_5678);
            c.jmp(again);
        })
        {
            Given = Part,
            Fault = Vector.PageFault, Error = 0, At = m => m.Start + 5,
            Then = m =>
            {
                Assert.Equal(Second, m.State.Cr2);
                Assert.Equal(0x1234_5678UL, m.Rdx);
            },
        };
    }

    /// <summary>Has the second page lie elsewhere, and 10, 20, 30 and 40, hexadecimal, at the operand.</summary>
    private static void Part(Guest guest)
    {
        guest.SetPage(Second, ulong.MaxValue, Layout.OtherFrame | All);
        for (var i = 0u; i < 4; i++)
            Set(guest, Operand + i, (byte)(0x10 * (i + 1)));
    }

    /// <summary>Sets a byte of either page.</summary>
    private static void Set(Guest guest, uint address, byte value) =>
        guest.Write(address >= Second ? address - Second + Layout.OtherFrame : address, value);
}
