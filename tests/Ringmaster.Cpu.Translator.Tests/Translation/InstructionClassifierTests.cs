using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Translation;

namespace Ringmaster.Cpu.Translator.Tests.Translation;

public sealed class InstructionClassifierTests
{
    private static readonly TranslationContext s_long = new(2, MmuMode.User, uint.MaxValue, 0, true, false), s_flat = new(1, MmuMode.User, uint.MaxValue, 0x3F, true, false);

    /// <summary>An instruction that the guest's model or the host lacks is the interpreter's, which raises #UD or carries it out.</summary>
    [Theory]
    [InlineData(Code.Popcnt_r32_rm32)]
    [InlineData(Code.VEX_Vpaddd_ymm_ymm_ymmm256)]
    [InlineData(Code.Lahf)]
    [InlineData(Code.Sahf)]
    public void What_either_lacks_is_not_translated(Code code)
    {
        var instruction = new Instruction { Code = code, Op0Register = Register.EAX, Op1Register = Register.EBX };
        if (code == Code.VEX_Vpaddd_ymm_ymm_ymmm256)
            (instruction.Op0Register, instruction.Op1Register, instruction.Op2Register) = (Register.YMM0, Register.YMM1, Register.YMM2);
        var without = new InstructionSet(new CpuidTable(TestModel.Cpuid.Entries.Select(e => KeyValuePair.Create(e.Key, e.Key switch
        {
            (1, 0) => e.Value with { Ecx = e.Value.Ecx & ~(1u << 23) },
            (7, 0) => e.Value with { Ebx = e.Value.Ebx & ~(1u << 5) },
            (0x8000_0001, 0) => e.Value with { Ecx = e.Value.Ecx & ~1u },
            _ => e.Value,
        }))));

        Assert.Equal(InstructionKind.Plain, Classify(TestModel.Instructions, TestModel.Instructions));
        Assert.Equal(InstructionKind.InPlace, Classify(without, TestModel.Instructions));
        Assert.Equal(InstructionKind.InPlace, Classify(TestModel.Instructions, without));

        InstructionKind Classify(InstructionSet guest, InstructionSet host) =>
            new InstructionClassifier(guest, HandlerTable.Create(), host).Classify(instruction, s_long, out _);
    }

    [Fact]
    public void Outside_64_bit_mode_every_processor_has_lahf()
    {
        var without = new InstructionSet(new CpuidTable(TestModel.Cpuid.Entries.Where(e => e.Key != (0x8000_0001, 0))));
        var classifier = new InstructionClassifier(without, HandlerTable.Create(), without);

        Assert.Equal(InstructionKind.Plain, classifier.Classify(new Instruction { Code = Code.Lahf }, s_flat, out _));
    }
}
