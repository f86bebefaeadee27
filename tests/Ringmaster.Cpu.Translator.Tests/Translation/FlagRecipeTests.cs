using FsCheck;
using FsCheck.Fluent;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Memory;
using Ringmaster.Cpu.Translator.Tests.Execution;
using Ringmaster.Cpu.Translator.Translation;

namespace Ringmaster.Cpu.Translator.Tests.Translation;

/// <summary>
/// Flags that an address check has destroyed come back as they were: an instruction that sets flags is executed on the host with
/// and without a load behind it.
/// </summary>
public sealed unsafe class FlagRecipeTests : IDisposable
{
    private const ulong Linear = 0x40_1000, Data = 0x60_0000;
    private const ulong AuxiliaryCarry = 0x10;

    private static readonly Mnemonic[] s_logic = [Mnemonic.And, Mnemonic.Or, Mnemonic.Xor, Mnemonic.Test];

    private readonly HostRun _host = new();
    private readonly RegionPlanner _planner;
    private readonly RegionTranslator _translator;
    private readonly byte[] _data = new byte[0x2000];

    public FlagRecipeTests()
    {
        _planner = new RegionPlanner(new InstructionClassifier(TestModel.Instructions, HandlerTable.Create(), TestModel.Instructions), DecoderOptions.None);
        _translator = new RegionTranslator(_host.Runtime, counts: false);
    }

    /// <summary>An instruction, and what the registers hold that it uses.</summary>
    private sealed record Case(Instruction Instruction, ulong First, ulong Second, bool Misses)
    {
        public override string ToString() => $"{Instruction} with {First:x} and {Second:x}{(Misses ? ", nothing mapped" : "")}";
    }

    private static readonly Gen<ulong> s_values =
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        from edge in Gen.Elements<ulong>([0, 1, 0x7F, 0x80, 0xFF, 0x8000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, ulong.MaxValue])
        from isEdge in Gen.Elements(false, true)
        select isEdge ? edge : (ulong)(uint)high << 32 | (uint)low;

    private static readonly Gen<Case> s_cases =
        from mnemonic in Gen.Elements("Add", "Sub", "Cmp", "And", "Or", "Xor", "Test")
        from size in Gen.Elements(8, 16, 32, 64)
        from withConstant in Gen.Elements(false, true)
        // RDI is the address of the load, RSI its target.
        from first in Gen.Choose(0, 15).Where(r => r is not (6 or 7))
        from second in Gen.Choose(0, 15).Where(r => r is not (6 or 7))
        from constant in Gen.OneOf(Gen.Choose(-128, 127), Gen.Choose(int.MinValue, int.MaxValue))
        from a in s_values
        from b in s_values
        from misses in Gen.Elements(false, true)
        select new Case(Make(mnemonic, size, first, withConstant ? null : second, constant), a, b, misses);

    [Fact]
    public void Flags_made_again_are_those_that_were_destroyed() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500), Prop.ForAll(s_cases.ToArbitrary(), Compare));

    [Fact]
    public void Instructions_without_a_recipe_are_those_that_destroy_their_operands()
    {
        var made = 0;
        foreach (var mnemonic in (string[])["Add", "Sub", "Cmp", "And", "Or", "Xor", "Test"])
        {
            foreach (var second in (int?[])[1, 3, null])
            {
                var recipe = FlagRecipe.After(Make(mnemonic, 64, 3, second, 5));
                Assert.Equal(!(mnemonic is "Add" or "Sub" && second == 3), recipe.Exists);
                made += recipe.Exists ? 1 : 0;
            }
        }
        Assert.Equal(19, made);
        Assert.False(FlagRecipe.After(Instruction.Create(Code.Inc_rm64, Register.RAX)).Exists);
        Assert.False(FlagRecipe.After(Instruction.Create(Code.Cmp_rm8_r8, Register.AH, Register.BL)).Exists);
        Assert.False(FlagRecipe.After(Instruction.Create(Code.Add_r64_rm64, Register.RAX, new MemoryOperand(Register.RDI))).Exists);
    }

    [Fact]
    public void A_recipe_is_lost_with_what_it_is_made_from()
    {
        var recipe = FlagRecipe.After(Instruction.Create(Code.Cmp_rm64_r64, Register.RBX, Register.R12));

        Assert.True(recipe.Survive(~(1u << 3 | 1u << 12)).Exists);
        Assert.False(recipe.Survive(1u << 3).Exists);
        Assert.False(recipe.Survive(1u << 12).Exists);
    }

    private void Compare(Case one)
    {
        var mask = s_logic.Contains(one.Instruction.Mnemonic) ? HostRun.AllStatus & ~AuxiliaryCarry : HostRun.AllStatus;
        // ADC, which reads flags and has no recipe of its own, sees them too.
        var adc = Instruction.Create(Code.Adc_rm64_imm8, Register.RSI, 0);
        var load = Instruction.Create(Code.Mov_r64_rm64, Register.RSI, new MemoryOperand(Register.RDI));

        var expected = Run(one, [one.Instruction]);
        var sum = Run(one, [one.Instruction, adc]);
        var expectedSum = _host.Registers[6];
        var actual = Run(one, [one.Instruction, load]);

        Assert.Equal(expected & mask, actual & mask);
        if (one.Misses)
            return;
        Assert.Equal(sum, Run(one, [one.Instruction, load, adc]));
        Assert.Equal(expectedSum, _host.Registers[6]);
    }

    private ulong Run(Case one, ReadOnlySpan<Instruction> instructions)
    {
        _translator.ForgetSlots();
        var page = new byte[0x2000];
        Array.Fill(page, (byte)0xF4);
        var bytes = new MemoryStream();
        var encoder = Encoder.Create(64, new StreamCodeWriter(bytes));
        foreach (var instruction in instructions)
            encoder.Encode(instruction, Linear + (ulong)bytes.Length);
        bytes.ToArray().CopyTo(page, 0);
        Region? region;
        fixed (byte* code = page)
        {
            var plan = _planner.Plan(new RegionKey(0x1000, Linear, 0), new TranslationContext(2, MmuMode.User, uint.MaxValue, 0, true, false), code, null, null, null, _ => true)!;
            region = _translator.Translate(plan, _host.Origin, 0, 0, isShared: false, new NoteStore());
            _host.Load(_translator.HostCode);
        }
        for (var i = 0; i < 16; i++)
            _host.Registers[i] = (ulong)i * 0x100_0000_0001;
        if (one.Instruction.Op1Kind == OpKind.Register)
            _host.Registers[one.Instruction.Op1Register.GetFullRegister().GetNumber()] = one.Second;
        _host.Registers[one.Instruction.Op0Register.GetFullRegister().GetNumber()] = one.First;
        // What the load finds is RSI's own value, which ADC adds to.
        _host.Registers[7] = Data;
        fixed (byte* data = _data)
        {
            var host = data + 0x1000 - ((nint)data & 0xFFF);
            *(ulong*)host = _host.Registers[6];
            _host.ClearTlb();
            if (!one.Misses)
            {
                *_host.Entry((int)MmuMode.User, Data) = new TranslationEntry
                {
                    ReadTag = Data,
                    WriteTag = TranslationEntry.Invalid,
                    Addend = (ulong)host - Data,
                    ReadStart = Data,
                    ReadLength = 0x1000,
                };
            }
            return _host.Run(region!.Entry, 0x8C5);
        }
    }

    private static Instruction Make(string mnemonic, int size, int first, int? second, int constant)
    {
        var to = Name(size, first);
        if (second is { } number)
            return Instruction.Create(Enum.Parse<Code>($"{mnemonic}_rm{size}_r{size}"), to, Name(size, number));
        var width = Math.Min(size, 32);
        var value = size switch { 8 => (sbyte)constant, 16 => (short)constant, _ => constant };
        return Instruction.Create(Enum.Parse<Code>($"{mnemonic}_rm{size}_imm{width}"), to, value);
    }

    private static Register Name(int size, int number) => size switch
    {
        64 => Register.RAX + number,
        32 => Register.EAX + number,
        16 => Register.AX + number,
        _ => number < 4 ? Register.AL + number : Register.SPL + (number - 4),
    };

    public void Dispose() => _host.Dispose();
}
