using Ringmaster.Audit.Catalog;
using Ringmaster.Audit.Guests;
using Ringmaster.Audit.Native;

namespace Ringmaster.Audit.Tests;

/// <summary>This host's own processor, which is the manual made silicon.</summary>
public sealed class NativeProcessorTests
{
    private const ushort LinuxUserCode = 0x33;

    private static readonly Lazy<Dictionary<string, Outcome>> s_outcomes = new(() =>
    {
        var processor = new NativeProcessor();
        return AuditCatalog.Instructions.ToDictionary(i => i.Name, processor.Execute);
    });

    [Fact]
    public void Privileged_instructions_trap_as_in_the_guest()
    {
        var different = AuditCatalog.Instructions.Where(i => i.Kind == InstructionKind.Privileged && i.Name != "RDPMC")
            .Where(i => !i.User.Holds(s_outcomes.Value[i.Name]) && !IsAbsentHere(s_outcomes.Value[i.Name]));

        Assert.Equal([], different.Select(i => $"{i.Name}: {s_outcomes.Value[i.Name]}, not {i.User}"));
    }

    [Theory]
    [InlineData("MOV from CS", LinuxUserCode)]
    [InlineData("JMP far", LinuxUserCode)]
    [InlineData("CALL far", LinuxUserCode)]
    [InlineData("RET far", LinuxUserCode)]
    [InlineData("LSL", 0xFFFF_FFFF)]
    [InlineData("POP GS", AuditSelectors.SecretData)]
    [InlineData("VERR", 1)]
    [InlineData("POPF", 0x200)]
    [InlineData("PUSHF", 0x200)]
    public void Sensitive_instructions_show_the_hosts_system_without_a_trap(string name, ulong value) =>
        Assert.Equal(Outcome.Runs(value), s_outcomes.Value[name]);

    [Fact]
    public void The_tables_are_in_the_upper_half_whether_shown_or_made_up()
    {
        foreach (var name in (string[])["SGDT", "SIDT"])
            Assert.True(s_outcomes.Value[name] is { Kind: OutcomeKind.Runs, Value: > 0xFFFF_0000_0000_0000 }, $"{name}: {s_outcomes.Value[name]}");
    }

    /// <summary>A processor without an instruction raises #UD for it.</summary>
    private static bool IsAbsentHere(Outcome seen) => seen == Outcome.Traps(6);
}
