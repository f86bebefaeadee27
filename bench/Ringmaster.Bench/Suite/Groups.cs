namespace Ringmaster.Bench.Suite;

/// <summary>The groups that the report shows figures in.</summary>
internal static class Groups
{
    public const string Boot = "boot", Cpus = "cpus", Nano = "nano", Disk = "disk", Network = "network", Debian = "debian",
        Exits = "exits";

    // The first four are the groups of the benchmark programs, as these call them.
    private const string Integer = "integer", Float = "float", Memory = "memory", System = "system";

    /// <summary>All, in the order of the report.</summary>
    public static IReadOnlyList<Group> All { get; } =
    [
        new(Integer, "Integer"),
        new(Float, "Floating point and vectors"),
        new(Memory, "Memory"),
        new(System, "Operating system"),
        new(Boot, "Whole system"),
        new(Disk, "Disk"),
        new(Network, "Network"),
        new(Debian, "Debian with systemd"),
        new(Cpus, "Several CPUs"),
        new(Exits, "Exits"),
        new(Nano, "Nanobenchmarks"),
    ];

    /// <summary>What geometric means are taken over: every group of programs, and user-mode computing as a whole.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<string> Groups)> Means { get; } =
    [
        ("integer", [Integer]),
        ("floating point and vectors", [Float]),
        ("memory", [Memory]),
        ("computing: the three above", [Integer, Float, Memory]),
        ("operating system", [System]),
    ];

    /// <summary>Whether its figures are times of programs that run on the host as well.</summary>
    public static bool IsOfPrograms(string group) => group is Integer or Float or Memory or System;
}
