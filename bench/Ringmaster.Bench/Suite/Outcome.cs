using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Suite;

/// <summary>Collects what the experiments find.</summary>
/// <param name="rounds">How many rounds there are.</param>
internal sealed class Outcome(int rounds)
{
    private readonly Checksums _checksums = new();
    private readonly List<Failure> _failures = [];
    private readonly List<Skip> _skips = [];

    public Measurements Measurements { get; } = new(rounds);

    public IReadOnlyList<Failure> Failures => _failures;

    public IReadOnlyList<Skip> Skips => _skips;

    /// <summary>Takes a program's result; a wrong one is a failure and its time does not count.</summary>
    /// <param name="figure">What its time belongs to.</param>
    /// <param name="setting">Where it ran.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="result">The result.</param>
    /// <param name="value">The figure's value.</param>
    public void Add(string figure, Setting setting, int round, ProgramResult result, double value)
    {
        if (_checksums.Check(setting.Name, result) is { } wrong)
            Fail(setting, round, wrong);
        else
            Measurements.Add(figure, setting.Name, round, value);
    }

    /// <summary>Takes what a guest's programs found, their times as they are, and what went wrong.</summary>
    /// <param name="transcript">The guest's console.</param>
    /// <param name="run">How the monitor ended.</param>
    /// <param name="setting">Where it ran.</param>
    /// <param name="round">The round, from 0.</param>
    public void Add(GuestTranscript transcript, MonitorOutcome run, Setting setting, int round)
    {
        if ((run.Failure ?? run.Refusal) is { } failure)
            Fail(setting, round, failure);
        foreach (var program in transcript.FailedPrograms)
            Fail(setting, round, $"{program} did not succeed in the guest");
        foreach (var result in transcript.Results)
            Add(result.Name, setting, round, result, result.Nanoseconds);
    }

    public void Fail(Setting setting, int round, string what) => _failures.Add(new Failure(round + 1, setting.Name, what));

    public void Skip(string what, string reason) => _skips.Add(new Skip(what, reason));
}
