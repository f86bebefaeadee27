using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Models;
using Ringmaster.Differential.Tests.Cases;
using Ringmaster.Differential.Tests.Comparison;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Generation;

/// <summary>Makes the cases of a run: the same seed and number give the same case.</summary>
internal sealed class SequenceMaker
{
    /// <summary>Most instructions of a case.</summary>
    public const int MaxInstructions = 16;

    private readonly Dice _dice = new();
    private readonly RegisterPlan _plan = new();
    private readonly CaseAssembler _assembler = new();
    private readonly FlagHistory _history = new();
    private readonly Kit _kit32, _kit64;
    private readonly ulong _seed;

    private readonly HostLimits _limits;

    /// <param name="seed">What the cases are made from.</param>
    /// <param name="cpuid">The instructions that they may use.</param>
    /// <param name="limits">What cases do not do.</param>
    public SequenceMaker(ulong seed, CpuidTable cpuid, HostLimits limits)
    {
        _limits = limits;
        _seed = seed;
        var instructionSet = new InstructionSet(cpuid);
        _kit32 = new Kit(_dice, _plan, instructionSet, cpuid, is32Bit: true);
        _kit64 = new Kit(_dice, _plan, instructionSet, cpuid, is32Bit: false);
    }

    /// <summary>How many instruction codes are met in 64-bit code.</summary>
    public int CodeCount => _kit64.Catalog.Codes.Count;

    /// <summary>Makes a case.</summary>
    public TestCase Make(long number)
    {
        _dice.Seed(_seed, (ulong)number);
        var test = new TestCase { Number = number, Is32Bit = _dice.Percent(35) && _limits.HasCode32 };
        StateMaker.Fill(_dice, ref test.Before, test.Is32Bit, _limits.HasWildStack);
        var kit = test.Is32Bit ? _kit32 : _kit64;
        _plan.Start(test.Before, test.Is32Bit);
        var count = _dice.Percent(25) ? 1 : _dice.Between(1, MaxInstructions - 2);
        var theme = kit.Catalog.PickClass(_dice);
        test.CodeAddress = AddressSpace.Code + (ulong)_dice.Below(0xF00);
        while (test.Instructions.Count < count && !EndsInVariedResult(test))
            AddInstruction(test, kit, theme);
        SetTargets(test);
        if (!_history.TryFollow(test.Instructions))
            DropTargets(test);
        Place(test);
        return test;
    }

    // What may have several results is the last to be executed, so that nothing goes on with one of them.
    private static bool EndsInVariedResult(TestCase test) => test.Instructions is [.., { Instruction: var last }]
        && (Exclusions.IsTranscendental(last) || (HostProcessor.Present.IsIntel && IntelChoices.VariesResult(last, test.Is32Bit)));

    private void AddInstruction(TestCase test, Kit kit, InstructionClass theme)
    {
        if (_dice.Percent(4) && kit.Raw.TryMake() is { } raw)
        {
            Add(test, raw);
            return;
        }
        var code = kit.Catalog.Pick(_dice, _dice.Percent(60) ? theme : kit.Catalog.PickClass(_dice));
        if (!kit.Maker.TryMake(code, out var instruction))
            return;
        var isBranch = instruction.Op0Kind is OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64;
        Add(test, new CaseInstruction(instruction, isBranch ? 0 : null));
    }

    private void Add(TestCase test, CaseInstruction item)
    {
        _plan.Follow(item.Instruction);
        var undefined = StatusFlags.None;
        foreach (var earlier in test.Instructions)
            undefined = FlagHistory.After(earlier.Instruction, undefined);
        if ((FlagHistory.Read(item.Instruction) & undefined) != 0)
            test.Instructions.Add(new CaseInstruction(MakeDefiner()));
        test.Instructions.Add(item);
    }

    // CMP defines all flags and changes nothing else.
    private Instruction MakeDefiner()
    {
        var register = Register.EAX + _dice.Below(8);
        return Instruction.Create(Code.Cmp_r32_rm32, register, register);
    }

    private void SetTargets(TestCase test)
    {
        var items = test.Instructions;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Target is null)
                continue;
            var target = Math.Min(items.Count, i + _dice.Between(1, 5));
            items[i] = items[i] with { Target = target };
        }
    }

    // A branch skips what makes a flag defined again that is read behind it: let no branch skip anything.
    private static void DropTargets(TestCase test)
    {
        for (var i = 0; i < test.Instructions.Count; i++)
        {
            if (test.Instructions[i].Target is not null)
                test.Instructions[i] = test.Instructions[i] with { Target = i + 1 };
        }
    }

    // Sometimes across two pages, sometimes right before the end of the code region, where nothing can be fetched.
    private void Place(TestCase test)
    {
        test.Before.Rip = test.CodeAddress;
        if (!_assembler.TryAssemble(test))
            return;
        var length = (ulong)_assembler.Bytes.Length;
        var roll = _dice.Below(100);
        if (roll < 10)
            test.CodeAddress = AddressSpace.Code + AddressSpace.PageSize - (ulong)_dice.Below((int)length + 1);
        else if (roll < 13)
            test.CodeAddress = AddressSpace.Code + 2 * AddressSpace.PageSize - (ulong)_dice.Between(1, (int)length);
        test.Before.Rip = test.CodeAddress;
    }

    /// <summary>What is needed for code of one size.</summary>
    private sealed class Kit(Dice dice, RegisterPlan plan, InstructionSet instructionSet, CpuidTable cpuid, bool is32Bit)
    {
        public CodeCatalog Catalog { get; } = new(cpuid, is32Bit);

        public InstructionMaker Maker => field ??= new InstructionMaker(dice, plan, Catalog, is32Bit);

        public RawBytesMaker Raw => field ??= new RawBytesMaker(dice, instructionSet, Catalog, is32Bit);
    }
}
