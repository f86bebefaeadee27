using Iced.Intel;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Models;
using Ringmaster.Differential.Tests.Cases;
using Ringmaster.Differential.Tests.Comparison;
using Ringmaster.Differential.Tests.Engine;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Generation;

public sealed class CodeCatalogTests
{
    private static readonly CpuidTable s_cpuid = EngineSession.BuildCpuid(new InterpreterEngine());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_instruction_of_the_catalog_can_be_made(bool is32Bit)
    {
        var catalog = new CodeCatalog(s_cpuid, is32Bit);

        var missing = catalog.Codes.Where(code => Make(catalog, code, is32Bit) is null).ToList();

        Assert.True(missing.Count == 0, string.Join(' ', missing));
    }

    [Theory]
    [InlineData(true, 1200)]
    [InlineData(false, 1500)]
    public void The_catalog_is_not_small(bool is32Bit, int atLeast) =>
        Assert.True(new CodeCatalog(s_cpuid, is32Bit).Codes.Count >= atLeast);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Undefined_flags_are_those_that_the_decoder_knows_of(bool is32Bit)
    {
        var catalog = new CodeCatalog(s_cpuid, is32Bit);

        var differing = new List<string>();
        foreach (var code in catalog.Codes)
        {
            // Privileged instructions never get as far as to change flags here.
            if (code.IsPrivileged() || Make(catalog, code, is32Bit) is not { } instruction || instruction.HasRepPrefix || instruction.HasRepnePrefix)
                continue;
            var (ours, theirs) = (UndefinedFlags.Of(instruction), FlagHistory.Convert(instruction.RflagsUndefined));
            // By the decoder a shift's CF is always defined, and all is after a double shift by any count.
            if (UndefinedFlags.IsShift(instruction.Mnemonic) ? (theirs & ~ours) != 0 : ours != theirs)
                differing.Add($"{code}: {ours}, not {theirs}");
        }

        Assert.Empty(differing);
    }

    [Fact]
    public void What_the_interpreter_has_is_excluded_only_by_name()
    {
        var handlers = HandlerTable.Create();
        var instructionSet = new InstructionSet(s_cpuid);
        var known = new CodeCatalog(s_cpuid, is32Bit: false).Codes.Concat(new CodeCatalog(s_cpuid, is32Bit: true).Codes).ToHashSet();

        var forgotten = Enum.GetValues<Code>().Where(c => Has(c) && !known.Contains(c) && !Exclusions.Contains(c)
            && instructionSet.Has(c) && (IsAvailable(c, is32Bit: false) || IsAvailable(c, is32Bit: true))).ToList();

        Assert.Empty(forgotten);

        static bool IsAvailable(Code code, bool is32Bit) =>
            code.ToOpCode().IsAvailableInMode(is32Bit ? 32 : 64) && CodeCatalog.IsEncodable(code.ToOpCode(), is32Bit);

        unsafe bool Has(Code code) => handlers.Find(code, false) != null || handlers.Find(code, true) != null;
    }

    private static Instruction? Make(CodeCatalog catalog, Code code, bool is32Bit)
    {
        var dice = new Dice();
        dice.Seed((ulong)code, 1);
        var plan = new RegisterPlan();
        var frame = new RegisterFrame();
        StateMaker.Fill(dice, ref frame, is32Bit, hasWildStack: true);
        plan.Start(frame, is32Bit);
        var maker = new InstructionMaker(dice, plan, catalog, is32Bit);
        var assembler = new CaseAssembler();
        for (var attempt = 0; attempt < 50; attempt++)
        {
            if (!maker.TryMake(code, out var instruction))
                return null;
            int? target = instruction.Op0Kind is OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64 ? 1 : null;
            var test = new TestCase
            {
                Is32Bit = is32Bit,
                CodeAddress = AddressSpace.Code,
                Instructions = [new CaseInstruction(instruction, target)],
            };
            if (assembler.TryAssemble(test))
                return instruction;
        }
        return null;
    }
}
