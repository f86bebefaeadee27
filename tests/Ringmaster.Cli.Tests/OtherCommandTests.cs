using System.Diagnostics;
using System.Text.Json;
using Ringmaster.Cli.Doctor;

namespace Ringmaster.Cli.Tests;

public sealed class OtherCommandTests : IDisposable
{
    private readonly CliFixture _cli = new();

    [Fact]
    public void Validate_lists_all_errors_as_json()
    {
        var file = _cli.Write("bad.yaml", "memroy: 1G\nengine: warp\n"u8);

        var (code, output, _) = _cli.Run("validate", file, "-o", "json");

        var errors = JsonDocument.Parse(output).RootElement.GetProperty("errors");
        Assert.Equal(2, code);
        Assert.Equal(["memroy", "engine"], errors.EnumerateArray().Select(e => e.GetProperty("path").GetString()!));
        Assert.Equal([1, 2], errors.EnumerateArray().Select(e => e.GetProperty("line").GetInt32()));
    }

    [Fact]
    public void Validate_is_content_with_a_good_file()
    {
        var file = _cli.Write("good.yaml", "memory: 1G\n"u8);

        Assert.Equal(0, _cli.Run("validate", file).Code);
    }

    [Fact]
    public void The_doctor_reports_all_engines_and_the_interpreter_always_works()
    {
        var (code, output, _) = _cli.Run("doctor", "-o", "json");

        var engines = JsonDocument.Parse(output).RootElement.GetProperty("engines").EnumerateArray().ToList();
        Assert.Equal(0, code);
        Assert.Equal(["translator", "interpreter", "kvm"], engines.Select(e => e.GetProperty("name").GetString()!));
        Assert.True(engines[1].GetProperty("available").GetBoolean());
        Assert.False(engines[2].GetProperty("available").GetBoolean());
    }

    [Theory]
    [InlineData(".dockerenv", "", "docker")]
    [InlineData("run/.containerenv", "", "podman")]
    [InlineData("run/systemd/container", "lxc\n", "lxc")]
    [InlineData("proc/1/cgroup", "0::/kubepods/pod1\n", "kubepods")]
    [InlineData("proc/1/cgroup", "0::/init.scope\n", null)]
    public void Containers_are_known_by_their_marks(string file, string content, string? expected)
    {
        var path = Path.Combine(_cli.Directory, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);

        Assert.Equal(expected, ContainerDetection.Find(_cli.Directory));
    }

    [Fact]
    public void Memory_figures_are_in_bytes() =>
        Assert.Equal((2048UL, 1024UL), HostMemory.Parse(["MemTotal:   2 kB", "MemFree: 9 kB", "MemAvailable:  1 kB"]));

    [Theory]
    [InlineData("run --k", "--kernel")]
    [InlineData("ru", "run")]
    [InlineData("guest fe", "fetch")]
    [InlineData("completion ba", "bash")]
    public void The_bash_script_completes(string line, string expected)
    {
        var script = _cli.Write("completion", System.Text.Encoding.UTF8.GetBytes(_cli.Run("completion", "bash").Out));
        var words = line.Split(' ');
        var command = $"source {script}; COMP_WORDS=(ringmaster {line}); COMP_CWORD={words.Length}; _ringmaster; echo ${{COMPREPLY[@]}}";

        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true })!;

        Assert.Equal(expected, process.StandardOutput.ReadToEnd().Trim());
    }

    [Theory]
    [InlineData("zsh", "--kernel")]
    [InlineData("fish", "-l kernel")]
    public void Other_shells_get_all_options_too(string shell, string expected) =>
        Assert.Contains(expected, _cli.Run("completion", shell).Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("--help", "Exit codes:")]
    [InlineData("run --help", "Ctrl-A x")]
    [InlineData("run --help", "isa-debug-exit")]
    [InlineData("validate --help", "kernel: vmlinuz")]
    public void Help_teaches(string line, string expected)
    {
        var (code, output, _) = _cli.Run(line.Split(' '));

        Assert.Equal(0, code);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();
}
