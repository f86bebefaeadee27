using System.Text.Json;
using Microsoft.Extensions.Logging;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public static TheoryData<string, int> Outcomes => new()
    {
        { "off", 0 },
        { "crash", 4 },
        { "stop", 130 },
        { "debug", 33 },
        { "fault", 6 },
        { "setup", 2 },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void Each_outcome_has_its_exit_code(string outcome, int expected)
    {
        _cli.Behaviour = (_, _) => outcome switch
        {
            "off" => new RunOutcome.PoweredOff(),
            "crash" => new RunOutcome.Crashed("triple fault at 0x1234"),
            "stop" => new RunOutcome.Stopped(),
            "debug" => new RunOutcome.DebugExit(33),
            "setup" => throw new MachineSetupException("The kernel does not fit. Give it more memory."),
            _ => throw new InvalidOperationException("something broke"),
        };

        var (code, _, error) = _cli.Run("run", "--kernel", _cli.Kernel);

        Assert.Equal(expected, code);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(outcome == "crash", error.Contains("triple fault at 0x1234", StringComparison.Ordinal));
        Assert.Equal(outcome == "fault", error.Contains("something broke", StringComparison.Ordinal));
        Assert.Equal(outcome == "setup", error.Contains("Give it more memory.", StringComparison.Ordinal));
    }

    [Fact]
    public void Details_of_a_fault_are_shown_when_asked_for()
    {
        _cli.Behaviour = (_, _) => throw new InvalidOperationException("something broke");

        var (_, _, error) = _cli.Run("run", "--kernel", _cli.Kernel, "-v");

        Assert.Contains("   at ", error, StringComparison.Ordinal);
    }

    public static TheoryData<string, Func<MachineConfig, object?>, object?> Options => new()
    {
        { "--memory 1.5G", c => c.Memory.ToString(), "1.5G" },
        { "--memory 256", c => c.Memory.ToString(), "256M" },
        { "--memory 268435456", c => c.Memory.ToString(), "256M" },
        { "", c => c.Memory.ToString(), "512M" },
        { "", c => c.CommandLine, "console=ttyS0" },
        { "--load 0x1000", c => c.CommandLine, "" },
        { "--entry real", c => c.CommandLine, "" },
        { "--load 0x1000 --append x", c => c.CommandLine, "x" },
        { "--append @quiet", c => c.CommandLine, "@quiet" },
        { "--append=-x", c => c.CommandLine, "-x" },
        { "--cpu default,+avx2,-SSE3", c => c.Cpu.ToString(), "default,+avx2,-sse3" },
        { "--cpu -avx", c => c.Cpu.ToString(), "default,-avx" },
        { "--engine interpreter", c => c.Engine, new EngineConfig(EngineChoice.Interpreter) },
        { "--engine translator,cache=16M,threshold=5,count,perf-map,compare", c => c.Engine, new EngineConfig(EngineChoice.Translator) { CodeCache = ByteSize.FromMebibytes(16), Threshold = 5, CountsInstructions = true, WritesPerfMap = true, Compares = true } },
        { "--debug-compare", c => c.Engine, new EngineConfig(EngineChoice.Translator) { Compares = true } },
        { "--debug-compare --engine auto", c => c.Engine, new EngineConfig(EngineChoice.Translator) { Compares = true } },
        { "--debug-compare --engine translator,threshold=5", c => c.Engine, new EngineConfig(EngineChoice.Translator) { Threshold = 5, Compares = true } },
        { "--entry real --load 0x7c00", c => (c.Entry, c.LoadAddress!.Value.Value), (EntryMode.Real, 0x7C00UL) },
        { "--entry real --memory 2M", c => c.Memory.ToString(), "2M" },
        { "--serial none", c => c.Serials.Single().Kind, SerialKind.None },
        { "--serial none --serial none", c => c.Serials.Count, 2 },
        { "", c => c.Display, new DisplayConfig.None() },
        { "--display vnc=:1 --display none", c => c.Display, new DisplayConfig.None() },
        { "--initrd KERNEL,KERNEL", c => c.Initrds.Count, 2 },
        { "--initrd KERNEL --initrd KERNEL", c => c.Initrds.Count, 2 },
        { "--device isa-debug-exit", c => c.Devices.Single(), new DeviceConfig.DebugExit(new(0x501), 2) },
        { "--device isa-debug-exit,iobase=0xf4,iosize=4", c => c.Devices.Single(), new DeviceConfig.DebugExit(new(0xF4), 4) },
        { "--device testdev --device debugcon", c => c.Devices.Count, 2 },
        { "--share /usr/share,tag=docs,ro --share /usr", c => string.Join(" ", c.Shares), $"{new ShareConfig("/usr/share", "docs", true)} {new ShareConfig("/usr", "usr", false)}" },
        { "--config FILE", c => (c.Memory.ToString(), c.CommandLine), ("64M", "from file") },
        { "--config FILE --memory 128M", c => (c.Memory.ToString(), c.CommandLine), ("128M", "from file") },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Options_reach_the_machine(string line, Func<MachineConfig, object?> select, object? expected)
    {
        var file = _cli.Write("machine.yaml", "memory: 64M\nappend: from file\n"u8);
        var kernel = _cli.Kernel;
        var arguments = line.Replace("FILE", file, StringComparison.Ordinal).Replace("KERNEL", kernel, StringComparison.Ordinal);

        var (code, _, error) = _cli.Run(["run", "--kernel", kernel, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((0, ""), (code, error));
        Assert.Equal(expected, select(_cli.Machine!.Config));
    }

    [Fact]
    public void A_conflict_in_a_file_does_not_count_once_the_command_line_resolves_it()
    {
        var file = _cli.Write("small.yaml", "memory: 1M\n"u8);

        var (code, _, error) = _cli.Run("run", "--kernel", _cli.Kernel, "--config", file, "--memory", "64M");

        Assert.Equal((0, ""), (code, error));
    }

    [Fact]
    public void Serial_ports_and_the_debug_console_reach_the_machine_open()
    {
        var log = Path.Combine(_cli.Directory, "log");
        _cli.Behaviour = (machine, _) =>
        {
            foreach (var value in "from the guest"u8)
                machine.Host.Serials[1]!.Transmit(value);
            machine.Host.DebugConsole!.Transmit((byte)'!');
            return new RunOutcome.PoweredOff();
        };

        _cli.Run("run", "--kernel", _cli.Kernel, "--serial", "none", "--serial", $"file={log}", "--device", $"debugcon,output=file={log}.2");

        Assert.Null(_cli.Machine!.Host.Serials[0]);
        Assert.Equal("from the guest", File.ReadAllText(log));
        Assert.Equal("!", File.ReadAllText(log + ".2"));
    }

    [Fact]
    public void The_result_is_one_line_of_json_when_asked_for()
    {
        var (_, output, _) = _cli.Run("run", "--kernel", _cli.Kernel, "-o", "json");

        var result = JsonDocument.Parse(Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
        Assert.Equal("powered-off", result.GetProperty("outcome").GetString());
        Assert.Equal(0, result.GetProperty("exitCode").GetInt32());
        Assert.Equal(5, result.GetProperty("exits").GetProperty("port read").GetInt64());
        Assert.Equal(7, result.GetProperty("engine").GetProperty("branches linked").GetInt64());
        Assert.Equal([2_000_000, 1_000_000], result.GetProperty("cpus").EnumerateArray().Select(cpu => cpu.GetProperty("instructions").GetInt64()));
        Assert.Equal([3, 2], result.GetProperty("cpus").EnumerateArray().Select(cpu => cpu.GetProperty("exits").GetProperty("port read").GetInt64()));
    }

    [Fact]
    public void Statistics_are_printed_when_asked_for()
    {
        var (_, _, error) = _cli.Run("run", "--kernel", _cli.Kernel, "--stats");

        Assert.Contains("instructions  3,000,000 (1.5 M/s)", error, StringComparison.Ordinal);
        Assert.Matches(@"cpu 0 +2,000,000  instructions, 4 interrupts, 4 exits\ncpu 1 +1,000,000  instructions, 3 interrupts, 2 exits", error);
    }

    [Theory]
    [InlineData("", LogLevel.Warning, false)]
    [InlineData("-v", LogLevel.Debug, true)]
    [InlineData("-v uart", LogLevel.Debug, true)]
    [InlineData("-v pci", LogLevel.Debug, false)]
    [InlineData("-v pci", LogLevel.Warning, true)]
    public void Log_messages_are_shown_by_category_and_level(string options, LogLevel level, bool shown)
    {
        _cli.Behaviour = (machine, _) =>
        {
            Assert.Equal(shown || level == LogLevel.Warning, machine.Host.LoggerFactory.CreateLogger("Ringmaster.Devices.Uart16550").IsEnabled(level));
            return new RunOutcome.PoweredOff();
        };

        var (code, _, error) = _cli.Run(["run", "--kernel", _cli.Kernel, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.True(code == 0, error);
    }

    [Fact]
    public void Trace_categories_reach_the_machine()
    {
        _cli.Run("run", "--kernel", _cli.Kernel, "--trace", "exits,pages");

        Assert.Equal(TraceCategories.Exits | TraceCategories.Pages, _cli.Machine!.Host.Trace!.Categories);
    }

    public void Dispose() => _cli.Dispose();
}
