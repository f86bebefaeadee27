using Ringmaster.Cpu;
using Ringmaster.Differential.Tests.Comparison;
using Ringmaster.Differential.Tests.Generation;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Reduction;

/// <summary>A run over many cases on several threads, each with an oracle and a vCPU of its own.</summary>
internal sealed class DifferentialRun(Func<IEngine> createEngine, ulong seed)
{
    /// <summary>Reports that are worth reading; more are only counted.</summary>
    private const int MaxReports = 40;

    private readonly string _oracle = OracleProgram.Build();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Count, string Text)> _failures = [];
    private long _nextBatch;
    private long _disturbed;

    /// <summary>Cases compared.</summary>
    public long Compared { get; private set; }

    /// <summary>Cases that could not be compared.</summary>
    public long Dropped { get; private set; }

    /// <summary>Cases that differed once, when the host's operating system had changed what they store, and not again.</summary>
    public long Disturbed => _disturbed;

    /// <summary>What the cases do not do because the host cannot.</summary>
    public HostLimits Limits { get; private set; }

    /// <summary>How often each exception ended a case.</summary>
    public long[] Vectors { get; } = new long[32];

    /// <summary>Cases that differed.</summary>
    public long Failures { get; private set; }

    /// <summary>Instruction codes of 64-bit code that the cases are made of.</summary>
    public int CodeCount { get; private set; }

    /// <summary>What differed: one reduced case for each kind.</summary>
    public IReadOnlyList<string> Reports => [.. _failures.OrderByDescending(f => f.Value.Count)
        .Select(f => $"{f.Value.Count} x {f.Key}\n{f.Value.Text}")];

    /// <summary>Runs cases.</summary>
    /// <param name="first">Number of the first case; rounded down to its batch.</param>
    /// <param name="count">How many.</param>
    /// <param name="only">The one case to run out of its batch, or null for all.</param>
    public void Run(long first, long count, long? only = null)
    {
        _nextBatch = first / OracleMemory.MaxSlots;
        var end = (first + count + OracleMemory.MaxSlots - 1) / OracleMemory.MaxSlots;
        var workers = Math.Clamp((int)Math.Min(end - _nextBatch, Environment.ProcessorCount), 1, 16);
        var threads = Enumerable.Range(0, workers).Select(_ => Task.Factory.StartNew(() => Work(end, only), TaskCreationOptions.LongRunning));
        Task.WaitAll([.. threads]);
    }

    private void Work(long end, long? only)
    {
        using var engine = createEngine();
        using var runner = new CaseRunner(engine, _oracle);
        runner.UseImage(seed);
        var maker = new SequenceMaker(seed, runner.Session.Cpuid, Limits = runner.FindLimits());
        var reducer = new CaseReducer(runner);
        var failing = new List<(Cases.TestCase Test, IReadOnlyList<FieldDifference> Differences, bool MayBeDisturbed)>();
        for (long batch; (batch = Interlocked.Increment(ref _nextBatch) - 1) < end;)
        {
            runner.UseImage(seed + (ulong)batch);
            var numbers = only is { } number ? [number] : Enumerable.Range(0, OracleMemory.MaxSlots).Select(i => batch * OracleMemory.MaxSlots + i);
            failing.Clear();
            runner.RunBatch(numbers.Select(maker.Make), (test, found) => failing.Add((test, [.. found], HostDisturbances.Reach(test, runner.HostOutcome.Vector))));
            foreach (var (test, differences, mayBeDisturbed) in failing)
            {
                if (mayBeDisturbed && WasDisturbed(runner, test))
                    Interlocked.Increment(ref _disturbed);
                else
                    Record(runner, reducer.Reduce(test), differences);
            }
        }
        lock (_lock)
        {
            Compared += runner.Compared;
            Dropped += runner.Dropped;
            CodeCount = maker.CodeCount;
            for (var i = 0; i < 32; i++)
                Vectors[i] += runner.Vectors[i];
        }
    }

    // A disturbance strikes one run of a case; what the engine does wrong it does each time.
    private static bool WasDisturbed(CaseRunner runner, Cases.TestCase test)
    {
        const int attempts = 8;
        for (var i = 0; i < attempts; i++)
        {
            if (runner.RunOne(test) is { Count: 0 })
                return true;
        }
        return false;
    }

    private void Record(CaseRunner runner, Cases.TestCase reduced, IReadOnlyList<FieldDifference> found)
    {
        // What happened once and not again is reported as it was found.
        var differences = runner.RunOne(reduced) is { Count: > 0 } again ? again : found;
        var signature = FailureReport.Signature(reduced, differences);
        lock (_lock)
        {
            Failures++;
            if (_failures.TryGetValue(signature, out var known))
                _failures[signature] = (known.Count + 1, known.Text);
            else if (_failures.Count < MaxReports)
                _failures[signature] = (1, FailureReport.Write(seed, reduced, runner.HostOutcome, differences));
        }
    }
}
