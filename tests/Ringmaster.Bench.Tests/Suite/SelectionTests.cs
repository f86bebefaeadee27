using Ringmaster.Bench.Guests;
using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Tests.Suite;

public sealed class SelectionTests
{
    private static readonly ProgramInfo[] s_programs =
    [
        new("fib", "integer", "call", ""), new("trees", "integer", "key", ""), new("nbody", "float", "pair", ""),
        new("disk-read", "disk", "MiB", ""), new("net-send", "network", "MiB", ""), new("clock", ProgramInfo.Calibration, "cycle", ""),
    ];

    [Fact]
    public void Everything_is_all_but_calibration_and_debian()
    {
        var selection = Selection.All(s_programs);

        Assert.Equal(["fib", "trees", "nbody"], selection.Programs.Select(p => p.Name));
        Assert.Equal(["disk-read", "net-send"], selection.Disk.Concat(selection.Network).Select(p => p.Name));
        Assert.True(selection is { Boot: true, Cpus: true, Exits: true, Nano: true, Linux: true, Debian: false });
    }

    [Fact]
    public void Names_of_groups_and_programs_mix()
    {
        var selection = Selection.Of(["nano", "float", "trees"], s_programs);

        Assert.Equal(["trees", "nbody"], selection.Programs.Select(p => p.Name));
        Assert.True(selection is { Boot: false, Cpus: false, Nano: true, Linux: true });
    }

    [Theory]
    [InlineData("disk", true)]
    [InlineData("net-send", true)]
    [InlineData("debian", true)]
    [InlineData("boot", false)]
    [InlineData("exits", false)]
    public void Disks_and_networks_need_pci(string name, bool expected) => Assert.Equal(expected, Selection.Of([name], s_programs).Pci);

    [Fact]
    public void Debian_is_measured_when_it_is_named() => Assert.True(Selection.Of(["debian"], s_programs) is { Debian: true, Linux: false });

    [Fact]
    public void Nanobenchmarks_alone_need_no_linux() => Assert.False(Selection.Of(["nano"], s_programs).Linux);

    [Theory]
    [InlineData("fibb")]
    [InlineData("clock")]
    public void An_unknown_name_is_refused_with_the_known_ones(string name)
    {
        var error = Assert.Throws<BenchmarkException>(() => Selection.Of([name], s_programs));

        Assert.Contains($"\"{name}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("trees, nbody, disk-read, net-send, integer", error.Message, StringComparison.Ordinal);
    }
}
