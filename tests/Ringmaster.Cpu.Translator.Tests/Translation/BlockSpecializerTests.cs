using FsCheck;
using FsCheck.Fluent;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Translation;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Cpu.Translator.Tests.Translation;

/// <summary>Copies of blocks are the same code, entered only from where their flags can be made again in their way.</summary>
public sealed unsafe class BlockSpecializerTests
{
    private const ulong Linear = 0x40_1000;

    [Fact]
    public void A_loop_gets_a_first_round_of_its_own()
    {
        var plan = Plan(c =>
        {
            c.AnonymousLabel();
            c.mov(rax, __qword_ptr[rdi]);
            c.cmp(rax, rbx);
            c.jne(c.B);
        });

        var rounds = plan.Blocks.Where(b => b.Start == 0).ToList();
        Assert.Equal(2, rounds.Count);
        Assert.False(rounds[0].RecipeIn.Exists);
        Assert.Equal(FlagRecipeKind.Repeat, rounds[1].RecipeIn.Kind);
        Assert.All(rounds, b => Assert.Same(rounds[1], plan.Blocks[b.TakenBlock]));
    }

    [Fact]
    public void A_loop_that_accesses_no_memory_stays_one_block()
    {
        var plan = Plan(c =>
        {
            c.AnonymousLabel();
            c.add(rax, rbx);
            c.jne(c.B);
        });

        Assert.Single(plan.Blocks, b => b.Start == 0);
    }

    [Fact]
    public void What_was_called_leaves_no_recipe()
    {
        var plan = Plan(c =>
        {
            c.cmp(rax, rbx);
            c.call(0x41_0000UL);
            c.mov(rax, __qword_ptr[rdi]);
        });

        Assert.All(plan.Blocks.Where(b => b.Start != 0), b => Assert.False(b.RecipeIn.Exists));
    }

    [Fact]
    public void Successors_are_what_the_code_says_however_it_branches()
    {
        var programs =
            from blocks in Gen.Choose(1, 8)
            from pieces in Gen.Choose(0, 9).ArrayOf(blocks * 3)
            from targets in Gen.Choose(0, blocks - 1).ArrayOf(blocks)
            from endings in Gen.Choose(0, 3).ArrayOf(blocks)
            select (Pieces: pieces, Targets: targets, Endings: endings);

        Prop.ForAll(programs.ToArbitrary(), program => Check(Plan(c => Write(c, program.Pieces, program.Targets, program.Endings)))).QuickCheckThrowOnFailure();
    }

    private static void Check(RegionPlan plan)
    {
        foreach (var block in plan.Blocks)
        {
            var recipe = block.RecipeIn;
            for (var i = block.First; i < block.End; i++)
                recipe = plan.Instructions[i].RecipeAfter(recipe);
            if (plan.Instructions[block.End - 1].Kind is InstructionKind.Call or InstructionKind.IndirectCall)
                recipe = FlagRecipe.None;
            foreach (var (linear, number) in new[] { (block.Taken, block.TakenBlock), (block.Next, block.NextBlock) })
            {
                if (number < 0)
                {
                    Assert.Equal(-1, plan.FindBlock(linear));
                    continue;
                }
                var successor = plan.Blocks[number];
                Assert.Equal(linear, plan.Page + (ulong)successor.Start);
                Assert.True(!successor.RecipeIn.Exists || successor.RecipeIn == recipe);
            }
        }
        // The first is entered with flags of which nothing is known.
        Assert.Equal((0, false), (plan.Blocks[0].Start, plan.Blocks[0].RecipeIn.Exists));
        Assert.All(plan.Blocks.GroupBy(b => b.Start), copies => Assert.InRange(copies.Count(), 1, 3));
        Assert.All(plan.Blocks.GroupBy(b => b.Start), copies => Assert.Equal(copies.Count(), copies.Select(b => b.RecipeIn).Distinct().Count()));
    }

    private static void Write(Assembler c, int[] pieces, int[] targets, int[] endings)
    {
        var labels = targets.Select(_ => c.CreateLabel()).ToArray();
        for (var block = 0; block < targets.Length; block++)
        {
            c.Label(ref labels[block]);
            for (var i = 0; i < 3; i++)
                WritePiece(c, pieces[block * 3 + i]);
            switch (endings[block])
            {
                case 0:
                    c.jne(labels[targets[block]]);
                    break;
                case 1:
                    c.jb(labels[targets[block]]);
                    break;
                case 2:
                    c.jmp(labels[targets[block]]);
                    break;
                default:
                    c.call(labels[targets[block]]);
                    break;
            }
        }
    }

    private static void WritePiece(Assembler c, int piece)
    {
        switch (piece)
        {
            case 0:
                c.mov(rax, __qword_ptr[rdi]);
                break;
            case 1:
                c.cmp(rax, rbx);
                break;
            case 2:
                c.test(rsi, rsi);
                break;
            case 3:
                c.add(rdx, 5);
                break;
            case 4:
                c.inc(rbx);
                break;
            case 5:
                c.mov(__qword_ptr[rsi], rdx);
                break;
            case 6:
                c.mov(rbx, rcx);
                break;
            case 7:
                c.cpuid();
                break;
            default:
                c.nop();
                break;
        }
    }

    private static RegionPlan Plan(Action<Assembler> write)
    {
        var assembler = new Assembler(64);
        write(assembler);
        var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), Linear);
        var page = new byte[0x1000];
        Array.Fill(page, (byte)0xF4);
        bytes.ToArray().CopyTo(page, 0);
        var planner = new RegionPlanner(new InstructionClassifier(TestModel.Instructions, HandlerTable.Create(), TestModel.Instructions), DecoderOptions.None);
        fixed (byte* code = page)
            return planner.Plan(new RegionKey(0x1000, Linear, 0), new TranslationContext(2, MmuMode.User, uint.MaxValue, 0, true, false), code, null, null, null, _ => true)!;
    }
}
