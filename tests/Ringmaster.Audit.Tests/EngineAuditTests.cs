using Ringmaster.Audit.Catalog;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Translator;

namespace Ringmaster.Audit.Tests;

public sealed class EngineAuditTests
{
    [Fact]
    public void The_interpreter_is_faithful() => IsFaithful(new InterpreterEngine());

    [Fact]
    public void The_translator_is_faithful_in_generated_code() => IsFaithful(new TranslatorEngine(new TranslatorOptions { Threshold = 0 }));

    [Theory]
    [InlineData("PUSHF", 0x9C, PrivilegeLevel.User)]
    [InlineData("CPUID", 0xA2, PrivilegeLevel.Kernel)]
    public void An_engine_that_lies_about_one_instruction_is_caught(string name, byte opcode, PrivilegeLevel level)
    {
        using var engine = new UnfaithfulEngine(opcode, level);

        var audit = EngineAudit.Of(engine);

        Assert.False(audit.IsFaithful);
        var wrong = audit.Findings.SelectMany(f => f.Value.Where(v => !v.IsFaithful).Select(v => (f.Key.Name, v.Level)));
        Assert.Equal([(name, level)], wrong);
    }

    [Fact]
    public void All_of_Robin_and_Irvines_instructions_are_there()
    {
        string[] named = ["SGDT", "SIDT", "SLDT", "SMSW", "PUSHF", "POPF", "LAR", "LSL", "VERR", "VERW", "POP", "PUSH", "CALL", "JMP", "INT", "RET", "STR", "MOV"];

        var sensitive = AuditCatalog.Instructions.Where(i => i.Kind == InstructionKind.Sensitive).Select(i => i.Name.Split(' ')[0]).ToHashSet();

        Assert.Empty(named.Except(sensitive));
    }

    [Fact]
    public void Names_are_distinct() =>
        Assert.Equal(AuditCatalog.Instructions.Count, AuditCatalog.Instructions.Select(i => i.Name).Distinct().Count());

    private static void IsFaithful(IEngine engine)
    {
        using (engine)
        {
            var audit = EngineAudit.Of(engine);

            Assert.Equal([], audit.Findings.SelectMany(f => f.Value.Where(v => !v.IsFaithful).Select(v => $"{f.Key.Name} at {v.Level}: {v.Seen}, not {v.Expected}")));
            Assert.Equal(AuditCatalog.Instructions, audit.Findings.Keys);
            // Nothing is left out on a CPU that has all features.
            Assert.Equal(["RDPMC Kernel"], audit.Findings.SelectMany(f => f.Value.Where(v => v.Seen is null).Select(v => $"{f.Key.Name} {v.Level}")));
        }
    }
}
