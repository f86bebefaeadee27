using System.Net;
using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Configuration.Reading;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Tests.Configuration;

public sealed class ConfigFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("config").FullName;

    public ConfigFileTests() => File.WriteAllBytes(Path.Combine(_directory, "kernel"), [0x7F, .. "ELF"u8, .. new byte[100]]);

    [Theory]
    [InlineData("""
        kernel: kernel
        append: console=ttyS0
        memory: 1G
        cpu: default,+avx2,-sse3
        engine: interpreter
        serial: [stdio, "file=log"]
        display: vnc=[::1]:7
        device:
          - testdev
          - {type: isa-debug-exit, iobase: 0xf4, iosize: 4}
        """)]
    [InlineData("""
        {"kernel": "kernel", "append": "console=ttyS0", "memory": "1G", "cpu": "default,+avx2,-sse3", "engine": "interpreter",
         "serial": ["stdio", "file=log"], "display": "vnc=[::1]:7",
         "device": ["testdev", {"type": "isa-debug-exit", "iobase": "0xf4", "iosize": 4}]}
        """)]
    public void Yaml_and_json_say_the_same(string text)
    {
        var read = Read(text);

        Assert.Empty(read.Errors);
        var config = read.Options.Complete("/unused");
        Assert.Equal(Path.Combine(_directory, "kernel"), config.Kernel);
        Assert.Equal("console=ttyS0", config.CommandLine);
        Assert.Equal(1UL << 30, config.Memory.Bytes);
        Assert.Equal("default,+avx2,-sse3", config.Cpu.ToString());
        Assert.Equal(EngineChoice.Interpreter, config.Engine.Choice);
        Assert.Equal([SerialConfig.Stdio, new(SerialKind.File, Path.Combine(_directory, "log"))], config.Serials);
        Assert.Equal(new DisplayConfig.Vnc(IPEndPoint.Parse("[::1]:5907"), null, null), config.Display);
        Assert.Equal([new DeviceConfig.TestDevice(), new DeviceConfig.DebugExit(new IoPort(0xF4), 4)], config.Devices);
    }

    [Theory]
    [InlineData("kernal: kernel", "kernal", 1, "Did you mean \"kernel\"")]
    [InlineData("\nmemory: lots", "memory", 2, "no size")]
    [InlineData("kernel: missing", "kernel", 1, "no file missing")]
    [InlineData("memory: 1", "memory", 1, "too little")]
    [InlineData("cpus: 17", "cpus", 1, "Write at most 16")]
    [InlineData("engine: interpeter", "engine", 1, "Did you mean \"interpreter\"")]
    [InlineData("serial:\n  - stdio\n  - stdoi", "serial[1]", 3, "Did you mean \"stdio\"")]
    [InlineData("serial: [stdio, stdio]", "serial", 1, "Only one")]
    [InlineData("device:\n  - iobase: 1", "device[0]", 2, "type")]
    [InlineData("device: {type: isa-debug-exit, iobas: 1}", "device", 1, "Did you mean \"iobase\"")]
    [InlineData("device: {type: isa-debug-exit, iosize: 3}", "device", 1, "1, 2 or 4")]
    [InlineData("device: {type: isa-debug-exit, iobase: 0xffff}", "device", 1, "do not fit")]
    [InlineData("kernel: [a, b]", "kernel", 1, "one value")]
    [InlineData("load: everywhere", "load", 1, "no address")]
    [InlineData("- a\n- b", "", 1, "key: value")]
    [InlineData("memory: 1G\nmemory: 2G", "", 2, "not valid YAML")]
    [InlineData("memory: 1G\nserial: ]", "", 2, "not valid YAML")]
    public void An_error_says_where_and_what(string text, string path, int line, string message)
    {
        var error = Assert.Single(Read(text).Errors);

        Assert.Equal((path, line), (error.Path, error.Line));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_reported_at_once()
    {
        var errors = Read("kernal: x\nmemory: lots\nengine: warp\nserial: [file]\n").Errors;

        Assert.Equal([1, 2, 3, 4], errors.Select(e => e.Line ?? 0));
    }

    [Fact]
    public void An_empty_file_is_a_machine_of_defaults() => Assert.Empty(Read("# nothing yet\n").Errors);

    [Fact]
    public void Options_lie_over_each_other_value_by_value()
    {
        var above = new MachineOptions { Memory = ByteSize.FromMebibytes(64), Serials = [SerialConfig.None] };
        var below = new MachineOptions { Memory = ByteSize.FromMebibytes(128), CommandLine = "quiet", Serials = [SerialConfig.Stdio, SerialConfig.None] };

        var config = above.Over(below).Complete("/kernel");

        Assert.Equal("64M", config.Memory.ToString());
        Assert.Equal("quiet", config.CommandLine);
        Assert.Equal([SerialConfig.None], config.Serials);
        Assert.Equal(EngineConfig.Default, config.Engine);
    }

    [Fact]
    public void Memory_is_rounded_up_to_whole_pages() =>
        Assert.Equal(0u, new MachineOptions { Memory = new ByteSize(100_000_001) }.Complete("/k").Memory.Bytes % 4096);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private OptionSet Read(string text)
    {
        var path = Path.Combine(_directory, "machine.yaml");
        File.WriteAllText(path, text);
        return ConfigFile.Read(path);
    }
}
