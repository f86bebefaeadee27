using System.Text.Json;
using Ringmaster.Audit.Native;
using Ringmaster.Audit.Tests;
using Ringmaster.Cli.Audit;
using Ringmaster.Cli.Commands;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Host.Files;

namespace Ringmaster.Cli.Tests;

public sealed class AuditTests : IDisposable
{
    private const byte Pushf = 0x9C;

    private readonly CliFixture _cli = new();

    [Fact]
    public void All_engines_of_this_host_are_faithful_and_named()
    {
        var (code, output, error) = _cli.Run("audit", "-o", "json");

        Assert.True(code == 0, error + output);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.True(report.GetProperty("faithful").GetBoolean());
        var engines = report.GetProperty("instructions")[0].GetProperty("engines").EnumerateArray().Select(e => e.GetProperty("engine").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "interpreter" }, engines);
    }

    [Fact]
    public void The_processor_lets_some_sensitive_instructions_pass_and_no_privileged_one()
    {
        var (_, output, _) = _cli.Run("audit", "--engine", "interpreter", "-o", "json");

        var report = JsonDocument.Parse(output).RootElement;
        var untrapped = report.GetProperty("untrapped").EnumerateArray().Select(e => e.GetString()!).ToList();
        Assert.Superset(new HashSet<string> { "PUSHF", "POPF", "LAR", "LSL", "VERR", "VERW", "MOV from CS", "JMP far" }, untrapped.ToHashSet());
        // With UMIP the five are trapped, though a value is seen; without it they pass.
        Assert.Equal(!NativeAudit.HostHasUmip(), untrapped.Contains("SGDT"));
        var privileged = report.GetProperty("instructions").EnumerateArray().Where(i => i.GetProperty("kind").GetString() == "privileged").ToList();
        Assert.All(privileged.Where(i => i.GetProperty("name").GetString() != "RDPMC"), i => Assert.True(i.GetProperty("native").GetProperty("traps").GetBoolean(), i.ToString()));
    }

    [Fact]
    public void An_unfaithful_engine_ends_in_1_and_is_named_with_what_was_seen_and_what_should_have_been()
    {
        using var nothing = new FileDescriptor(-1, owned: false);
        using var session = new AuditSession([new InterpreterEngine(), new UnfaithfulEngine(Pushf, Ringmaster.Audit.PrivilegeLevel.User)]);

        var report = session.Run(() => new NativeAudit(Ringmaster.Audit.Catalog.AuditCatalog.Instructions.ToDictionary(i => i, _ => new NativeFinding(null, false))));

        using var text = new StringWriter();
        var code = AuditCommand.Tell(new CliEnvironment(text, text, nothing, nothing, (_, _) => throw new InvalidOperationException()), report, isJson: false);
        Assert.Equal(1, code);
        Assert.Contains("CPL 3: 200, not 0", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("interpreter: faithful in all", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("unfaithful: NOT faithful in 1 of", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_no_control_sequences_where_it_goes_to_a_file()
    {
        var (code, output, _) = _cli.Run("audit", "--engine", "interpreter");

        Assert.Equal(0, code);
        Assert.DoesNotContain('\e', output);
        Assert.Contains("SGDT", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_engine_that_does_not_exist_is_refused_with_those_that_do()
    {
        var (code, _, error) = _cli.Run("audit", "--engine", "warp");

        Assert.Equal(2, code);
        Assert.Contains("There is no engine \"warp\"; there are translator, interpreter", error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();
}
