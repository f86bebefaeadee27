using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Tests.Monitors;

public sealed class MonitorRunTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_good_run_has_all_lines_and_no_complaint()
    {
        var heard = new List<string>();

        var outcome = await Run("echo one; echo two; exit 33", s_patience, (_, line) => heard.Add(line.Text));

        Assert.Equal(["one", "two"], outcome.Lines.Select(line => line.Text));
        Assert.Equal(["one", "two"], heard);
        Assert.Null(outcome.Failure);
        Assert.Null(outcome.Refusal);
        Assert.InRange(outcome.Seconds, outcome.Lines[^1].Seconds, s_patience.TotalSeconds);
    }

    [Fact]
    public async Task Another_exit_code_is_a_failure_with_what_was_said()
    {
        var outcome = await Run("echo on the console; echo because >&2; exit 4", s_patience);

        Assert.Contains("exit code 4. because", outcome.Failure, StringComparison.Ordinal);
        Assert.Contains("on the console", outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_monitor_cannot_run_is_no_failure()
    {
        var outcome = await Run("echo one CPU only >&2; exit 2", s_patience);

        Assert.Null(outcome.Failure);
        Assert.Equal("one CPU only", outcome.Refusal);
    }

    [Fact]
    public async Task A_silent_guest_is_ended()
    {
        var outcome = await Run("echo a line; exec sleep 1000", TimeSpan.FromMilliseconds(200));

        Assert.Contains("--timeout", outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_stays_open_and_silent() => Assert.Null((await Run("timeout 0.1 cat; test $? = 124 && exit 33", s_patience)).Failure);

    private static Task<MonitorOutcome> Run(string script, TimeSpan silence, Action<int, ConsoleLine>? lineCame = null) =>
        MonitorRun.RunAsync(new ShellMonitor(script), new GuestSpec("kernel", null, "", 1, 33), silence, lineCame, CancellationToken.None);
}
