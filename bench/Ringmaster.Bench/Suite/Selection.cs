using Ringmaster.Bench.Guests;

namespace Ringmaster.Bench.Suite;

/// <summary>What is to be measured.</summary>
/// <param name="Programs">The programs.</param>
/// <param name="Boot">Whether the whole system's times are wanted.</param>
/// <param name="Cpus">Whether several CPUs are compared with one.</param>
/// <param name="Nano">Whether the nanobenchmarks run.</param>
internal sealed record Selection(IReadOnlyList<ProgramInfo> Programs, bool Boot, bool Cpus, bool Nano)
{
    /// <summary>Whether a Linux guest with one CPU is needed.</summary>
    public bool Linux => Boot || Programs.Count > 0;

    /// <summary>Everything.</summary>
    public static Selection All(IReadOnlyList<ProgramInfo> programs) => new(Benchmarks(programs), true, true, true);

    /// <summary>Names of programs and groups.</summary>
    /// <exception cref="BenchmarkException">There is no such name.</exception>
    public static Selection Of(IReadOnlyCollection<string> names, IReadOnlyList<ProgramInfo> programs)
    {
        var benchmarks = Benchmarks(programs);
        var known = benchmarks.Select(p => p.Name).Concat(Groups.All.Select(g => g.Name)).ToHashSet();
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new BenchmarkException($"--only: there is nothing called \"{unknown}\". Choose from {string.Join(", ", known)}.");
        return new Selection(
            [.. benchmarks.Where(p => names.Contains(p.Name) || names.Contains(p.Group))],
            names.Contains(Groups.Boot), names.Contains(Groups.Cpus), names.Contains(Groups.Nano));
    }

    private static ProgramInfo[] Benchmarks(IReadOnlyList<ProgramInfo> programs) => [.. programs.Where(p => p.Group != ProgramInfo.Calibration)];
}
