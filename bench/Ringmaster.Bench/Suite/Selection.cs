using Ringmaster.Bench.Guests;

namespace Ringmaster.Bench.Suite;

/// <summary>What is to be measured.</summary>
/// <param name="Programs">The programs that compute and call the system.</param>
/// <param name="Disk">The programs that use a disk.</param>
/// <param name="Network">The programs that use a network.</param>
/// <param name="Boot">Whether the whole system's times are wanted.</param>
/// <param name="Debian">Whether a whole Debian is started.</param>
/// <param name="Cpus">Whether several CPUs are compared with one.</param>
/// <param name="Exits">Whether exits are timed.</param>
/// <param name="Nano">Whether the nanobenchmarks run.</param>
internal sealed record Selection(
    IReadOnlyList<ProgramInfo> Programs, IReadOnlyList<ProgramInfo> Disk, IReadOnlyList<ProgramInfo> Network, bool Boot, bool Debian, bool Cpus, bool Exits,
    bool Nano)
{
    /// <summary>Whether a Linux guest with one CPU is needed.</summary>
    public bool Linux => Boot || Programs.Count > 0;

    /// <summary>Whether guests have devices on a PCI bus.</summary>
    public bool Pci => Disk.Count + Network.Count > 0 || Debian;

    /// <summary>Everything but Debian, whose disk takes minutes and root to make.</summary>
    public static Selection All(IReadOnlyList<ProgramInfo> programs) =>
        Of([.. Groups.All.Select(g => g.Name).Where(name => name != Groups.Debian)], programs);

    /// <summary>Names of programs and groups.</summary>
    /// <exception cref="BenchmarkException">There is no such name.</exception>
    public static Selection Of(IReadOnlyCollection<string> names, IReadOnlyList<ProgramInfo> programs)
    {
        ProgramInfo[] benchmarks = [.. programs.Where(p => p.Group != ProgramInfo.Calibration)];
        var known = benchmarks.Select(p => p.Name).Concat(Groups.All.Select(g => g.Name)).ToHashSet();
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new BenchmarkException($"--only: there is nothing called \"{unknown}\". Choose from {string.Join(", ", known)}.");
        ProgramInfo[] wanted = [.. benchmarks.Where(p => names.Contains(p.Name) || names.Contains(p.Group))];
        ProgramInfo[] In(string group) => [.. wanted.Where(p => p.Group == group)];
        return new Selection(
            [.. wanted.Where(p => Groups.IsOfPrograms(p.Group))], In(Groups.Disk), In(Groups.Network),
            names.Contains(Groups.Boot), names.Contains(Groups.Debian), names.Contains(Groups.Cpus),
            names.Contains(Groups.Exits), names.Contains(Groups.Nano));
    }
}
