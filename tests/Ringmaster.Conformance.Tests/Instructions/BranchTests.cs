using Iced.Intel;
using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Instructions;

/// <summary>A comparison right ahead of a branch decides as one with something in between does.</summary>
public sealed class BranchTests
{
    private const int Pairs = 60, Conditions = 16;

    [Theory]
    [InlineData("interpreter")]
    [InlineData("translator")]
    public void What_stands_between_makes_no_difference(string engine)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var outcomes = new List<int>();
            foreach (var isApart in (bool[])[false, true])
            {
                var guest = CaseRunner.Run(EngineUnderTest.Get(engine), Branches(new Random(seed), isApart));
                Assert.Equal(Ending.Mark, guest.Ending);
                outcomes.Add((int)guest.State.Registers[8]);
                outcomes.Add((int)guest.State.Registers[9]);
            }
            Assert.Equal(outcomes[2..], outcomes[..2]);
            // Some have been taken and some have not.
            Assert.InRange(outcomes[1], 1, Pairs - 1);
        }
    }

    [Theory]
    [InlineData("interpreter")]
    [InlineData("translator")]
    public void A_comparison_that_faults_leaves_the_branch_alone(string engine)
    {
        var at = 0UL;
        var row = new Case("a comparison with a page that is not there", GuestMode.User64, c =>
        {
            c.mov(rsi, Layout.Window + 0x1000L);
            c.cmp(__dword_ptr[rsi], 5);
            c.je(Layout.Target);
        })
        {
            Given = m => at = m.Start + 10,
        };
        var guest = CaseRunner.Run(EngineUnderTest.Get(engine), row);

        Assert.Equal((Ending.Handler, (int?)Vector.PageFault), (guest.Ending, guest.HandlerReached));
        Assert.Equal(at, BitConverter.ToUInt64(guest.Memory, (int)guest.State.Registers[4] + 8));
    }

    /// <summary>R8 gathers which branches have been taken, R9 counts them.</summary>
    private static Case Branches(Random random, bool isApart) => new("comparisons and branches", GuestMode.User64, c =>
    {
        c.mov(rsi, Layout.Data + 0x800L);
        for (var i = 0; i < Pairs; i++)
        {
            var (left, right) = Operands(random);
            c.mov(rax, left);
            c.mov(rbx, right);
            c.mov(__qword_ptr[rsi], random.Next(2) == 0 ? rax : rbx);
            Comparison(c, random.Next(2) == 0, random.Next(4), random.Next(5), (sbyte)random.Next(-3, 4));
            if (isApart)
                c.nop();
            var taken = c.CreateLabel();
            Branch(c, random.Next(Conditions), taken);
            c.imul(r8d, r8d, 3);
            c.dec(r9d);
            c.Label(ref taken);
            c.inc(r9d);
            c.add(r8d, i);
        }
    });

    private static (long Left, long Right) Operands(Random random)
    {
        long[] edges = [0, 1, -1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0x7FFF_FFFF, 0x8000_0000, long.MinValue, long.MaxValue, 3];
        var left = random.Next(2) == 0 ? edges[random.Next(edges.Length)] : random.NextInt64(long.MinValue, long.MaxValue);
        return (left, random.Next(3) == 0 ? left + random.Next(-1, 2) : edges[random.Next(edges.Length)]);
    }

    private static void Comparison(Assembler c, bool tests, int width, int form, sbyte constant)
    {
        // TEST has no form that loads its second operand.
        var (register, other) = width switch { 0 => ((object)al, (object)bl), 1 => (ax, bx), 2 => (eax, ebx), _ => (rax, rbx) };
        var place = width switch { 0 => __byte_ptr[rsi], 1 => __word_ptr[rsi], 2 => __dword_ptr[rsi], _ => __qword_ptr[rsi] };
        switch (register, other)
        {
            case (AssemblerRegister8 a, AssemblerRegister8 b):
                Do(tests, form, () => c.test(a, b), () => c.cmp(a, b), () => c.test(a, constant), () => c.cmp(a, constant), () => c.cmp(a, place),
                    () => c.test(place, b), () => c.cmp(place, b), () => c.test(place, constant), () => c.cmp(place, constant));
                break;
            case (AssemblerRegister16 a, AssemblerRegister16 b):
                Do(tests, form, () => c.test(a, b), () => c.cmp(a, b), () => c.test(a, constant), () => c.cmp(a, constant), () => c.cmp(a, place),
                    () => c.test(place, b), () => c.cmp(place, b), () => c.test(place, constant), () => c.cmp(place, constant));
                break;
            case (AssemblerRegister32 a, AssemblerRegister32 b):
                Do(tests, form, () => c.test(a, b), () => c.cmp(a, b), () => c.test(a, constant), () => c.cmp(a, constant), () => c.cmp(a, place),
                    () => c.test(place, b), () => c.cmp(place, b), () => c.test(place, constant), () => c.cmp(place, constant));
                break;
            case (AssemblerRegister64 a, AssemblerRegister64 b):
                Do(tests, form, () => c.test(a, b), () => c.cmp(a, b), () => c.test(a, constant), () => c.cmp(a, constant), () => c.cmp(a, place),
                    () => c.test(place, b), () => c.cmp(place, b), () => c.test(place, constant), () => c.cmp(place, constant));
                break;
        }
    }

    private static void Do(bool tests, int form, Action testReg, Action cmpReg, Action testImm, Action cmpImm, Action cmpLoad, Action testMem, Action cmpMem,
        Action testMemImm, Action cmpMemImm) => (form switch
        {
            0 => tests ? testReg : cmpReg,
            1 => tests ? testImm : cmpImm,
            2 => cmpLoad,
            3 => tests ? testMem : cmpMem,
            _ => tests ? testMemImm : cmpMemImm,
        })();

    private static void Branch(Assembler c, int condition, Label to)
    {
        Action<Label>[] branches = [c.jo, c.jno, c.jb, c.jae, c.je, c.jne, c.jbe, c.ja, c.js, c.jns, c.jp, c.jnp, c.jl, c.jge, c.jle, c.jg];
        branches[condition](to);
    }
}
