using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Control;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Tests;

/// <summary>The commands about a machine that runs, through its control socket.</summary>
public sealed class RunningMachineTests : IDisposable
{
    private readonly CliFixture _cli = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("ringmaster-control-").FullName;
    private readonly List<string> _done = [];
    private readonly FakeMachine _machine;
    private readonly ControlServer _server;

    public RunningMachineTests()
    {
        _machine = new FakeMachine(new MachineConfig(), new MachineHost(NullLoggerFactory.Instance), (_, _) => new RunOutcome.Stopped()) { Done = _done.Add, Listens = false };
        _server = ControlServer.Start(Described(), Path.Combine(_directory, "web.sock"));
    }

    [Fact]
    public void Status_tells_what_the_machine_is()
    {
        var (code, output, _) = _cli.Run("status", _server.Path, "-o", "json");

        var status = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, code);
        Assert.Equal("web running fake 2", string.Join(' ', status.GetProperty("name"), status.GetProperty("status"), status.GetProperty("engine"), status.GetProperty("cpus")));
        Assert.Contains("web", _cli.Run("status", _server.Path).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_and_devices_are_told()
    {
        Assert.Contains("exits: port read", _cli.Run("stats", _server.Path).Out, StringComparison.Ordinal);
        Assert.Contains("disk0  virtio-block  00:03.0", _cli.Run("devices", _server.Path).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("reset")]
    [InlineData("stop")]
    public void The_machine_does_as_it_is_told(string command)
    {
        Assert.Equal(0, _cli.Run(command, _server.Path).Code);
        Assert.Equal([command], _done);
    }

    [Fact]
    public void A_power_button_that_nobody_listens_to_is_an_error()
    {
        var (code, _, errors) = _cli.Run("power-button", _server.Path);

        Assert.Equal(2, code);
        Assert.Contains("does not listen to its power button", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_screenshot_is_a_picture_of_the_screen()
    {
        var machine = new FakeMachine(new MachineConfig(), new MachineHost(NullLoggerFactory.Instance), (_, _) => new RunOutcome.Stopped()) { Console = new OrangeConsole() };
        using var server = ControlServer.Start(Described() with { Machine = machine }, Path.Combine(_directory, "screen.sock"));
        var file = Path.Combine(_directory, "picture.png");

        Assert.Equal(0, _cli.Run("screenshot", server.Path, "-f", file).Code);

        var bytes = File.ReadAllBytes(file);
        Assert.Equal("IHDR", Encoding.ASCII.GetString(bytes, 12, 4));
        Assert.Equal((OrangeConsole.Width, OrangeConsole.Height), (bytes[19], bytes[23]));
    }

    [Fact]
    public void A_machine_without_a_screen_has_no_screenshot()
    {
        var (code, _, errors) = _cli.Run("screenshot", _server.Path, "-f", Path.Combine(_directory, "none.png"));

        Assert.Equal(2, code);
        Assert.Contains("Start it with --vga std", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_directory, "none.png")));
    }

    [Fact]
    public void A_balloon_is_told_what_the_guest_is_to_keep()
    {
        var (code, output, _) = _cli.Run("balloon", _server.Path, "512M");

        Assert.Equal(0, code);
        Assert.Equal(512UL << 20, _machine.Balloon?.Target);
        Assert.Contains("keeps 768M of 1024M; it is asked to keep 512M", output, StringComparison.Ordinal);
        Assert.Contains("\"targetBytes\": 536870912", _cli.Run("balloon", _server.Path, "-o", "json").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Processors_are_added()
    {
        Assert.Contains("4", _cli.Run("cpus", _server.Path, "4").Out, StringComparison.Ordinal);
        Assert.Equal(4, _machine.Cpus);

        var (code, _, errors) = _cli.Run("cpus", _server.Path, "1");

        Assert.Equal((2, 4), (code, _machine.Cpus));
        Assert.Contains("None leaves.", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2G")]
    [InlineData("1M")]
    [InlineData("much")]
    public void A_balloon_is_not_told_nonsense(string size)
    {
        Assert.Equal(2, _cli.Run("balloon", _server.Path, size).Code);
        Assert.Equal(0UL, _machine.Balloon?.Target);
    }

    [Fact]
    public void A_machine_that_does_not_run_is_an_error_with_a_remedy()
    {
        var (code, _, errors) = _cli.Run("status", Path.Combine(_directory, "missing.sock"));

        Assert.Equal(2, code);
        Assert.Contains("\"ringmaster list\" shows those that run", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_that_is_listened_to_is_not_taken_and_one_that_was_left_is()
    {
        Assert.Throws<IOException>(() => ControlServer.Start(Described(), _server.Path));
        var left = Path.Combine(_directory, "left.sock");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            dead.Bind(new UnixDomainSocketEndPoint(left + "x"));
        File.WriteAllText(left, "");

        using var server = ControlServer.Start(Described(), left);

        Assert.Equal(0, _cli.Run("status", left).Code);
    }

    [Fact]
    public void The_description_has_every_path_and_every_path_answers()
    {
        var description = JsonDocument.Parse(Get("GET /openapi.json")).RootElement;
        foreach (var path in description.GetProperty("paths").EnumerateObject())
        {
            foreach (var method in path.Value.EnumerateObject())
                Assert.DoesNotContain("404 Not Found", Get($"{method.Name.ToUpperInvariant()} {path.Name}", whole: true), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET /api/v1/vm/../../etc/passwd")]
    [InlineData("POST /api/v1/vm")]
    [InlineData("nonsense")]
    public void Requests_for_something_else_are_refused(string request)
    {
        Assert.Contains(" 40", Get(request, whole: true)[..20], StringComparison.Ordinal);
        Assert.Empty(_done);
    }

    public void Dispose()
    {
        _server.Dispose();
        _cli.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private ControlledVm Described() => new("web", "fake", 1 << 30, _machine, () => _done.Add("stop"));

    private string Get(string request, bool whole = false)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(_server.Path));
        socket.Send(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\nHost: vm\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        using var reader = new StreamReader(new NetworkStream(socket));
        var answer = reader.ReadToEnd();
        if (whole)
            return answer;
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return body[body.IndexOf('{', StringComparison.Ordinal)..(body.LastIndexOf('}') + 1)];
    }
}
