using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Ringmaster.Cli.Tests.EndToEnd;

public sealed class RawGuestTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("raw").FullName;

    [Theory]
    [InlineData("hi", "", 0, "hi")]
    [InlineData("late", "", 0, "l")]
    [InlineData("reset", "", 0, "ABC")]
    [InlineData("exit33", "--device isa-debug-exit", 67, "")]
    [InlineData("hi", "--serial none", 0, "")]
    public void A_guest_ends_with_its_exit_code_and_output(string guest, string options, int code, string output)
    {
        Assert.Equal((code, output, ""), RingmasterProcess.Run(Arguments(guest, options)));
    }

    [Fact]
    public void A_triple_fault_is_reported_with_registers_code_and_page_walk()
    {
        var (code, output, error) = RingmasterProcess.Run(Arguments("crash"));

        Assert.Equal((4, ""), (code, output));
        Assert.StartsWith("ringmaster: The guest crashed.\nCPU 0 had a triple fault in real mode", error, StringComparison.Ordinal);
        Assert.Contains("RIP=0000000000007c05", error, StringComparison.Ordinal);
        Assert.Contains("0f 01 1e 06 7c <cc> 00", error, StringComparison.Ordinal);
        Assert.Contains("RIP 0x7c05: physical 0x7c05", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spin", "INT")]
    [InlineData("spin", "TERM")]
    [InlineData("sleep", "INT")]
    [InlineData("sleep", "HUP")]
    public void A_signal_ends_a_guest_quickly(string guest, string signal)
    {
        using var program = RingmasterProcess.Start(Arguments(guest));
        program.Await(">", p => p.Out);
        var time = Stopwatch.StartNew();

        program.Signal(signal);

        Assert.Equal(130, program.WaitForExit());
        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        Assert.Equal("", program.Error);
    }

    [Fact]
    public void Standard_input_reaches_the_guest_and_ctrl_a_is_a_byte_like_any_other()
    {
        using var program = RingmasterProcess.StartWithInput(Arguments("echo"));

        program.Type("ab\u0001xc");
        program.Await("ab\u0001xc", p => p.Out);
        program.Type("q");

        Assert.Equal(0, program.WaitForExit());
        Assert.Equal("ab\u0001xcq", program.Out);
    }

    [Fact]
    public void The_end_of_standard_input_does_not_end_the_machine()
    {
        using var program = RingmasterProcess.StartWithInput(Arguments("echo"));
        program.Type("a");
        program.Await("a", p => p.Out);

        program.CloseInput();
        Thread.Sleep(300);
        program.Signal("TERM");

        Assert.Equal(130, program.WaitForExit());
    }

    [Fact]
    public void A_file_takes_the_guests_output()
    {
        var file = Path.Combine(_directory, "out");

        Assert.Equal((0, "", ""), RingmasterProcess.Run(Arguments("hi", $"--serial file={file}")));

        Assert.Equal("hi", File.ReadAllText(file));
    }

    [Fact]
    public void A_unix_socket_connects_the_guest()
    {
        var path = Path.Combine(_directory, "socket");
        using var program = RingmasterProcess.Start(Arguments("echo", $"--serial unix={path}"));
        program.Await($"serial port 0 listens at {path}", p => p.Error);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(path));

        client.Send("abcq"u8);

        Assert.Equal("abcq", Read(new NetworkStream(client), 4));
        Assert.Equal(0, program.WaitForExit());
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_pseudo_terminal_connects_the_guest()
    {
        using var program = RingmasterProcess.Start(Arguments("echo", "--serial pty"));
        program.Await("/dev/pts/", p => p.Error);
        program.Await("\n", p => p.Error);
        var path = program.Error.Trim().Split(' ')[^1];
        using var terminal = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

        terminal.Write("xyz"u8);
        Assert.Equal("xyz", Read(terminal, 3));
        terminal.Write("q"u8);

        Assert.Equal(0, program.WaitForExit());
    }

    [Theory]
    [InlineData("hi", "--engine interpreter", "powered-off", 0)]
    [InlineData("exit33", "--device isa-debug-exit --engine translator,count", "debug-exit", 67)]
    [InlineData("crash", "--engine interpreter", "crashed", 4)]
    public void The_outcome_is_json_when_asked_for(string guest, string options, string outcome, int code)
    {
        var (exitCode, output, _) = RingmasterProcess.Run(Arguments(guest, $"--serial none -o json {options}"));

        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal((code, outcome, code), (exitCode, result.GetProperty("outcome").GetString(), result.GetProperty("exitCode").GetInt32()));
        Assert.InRange(result.GetProperty("instructions").GetInt64(), 1, 100);
        Assert.Equal(outcome == "crashed", result.TryGetProperty("report", out _));
    }

    [Fact]
    public void Instructions_that_nobody_counted_are_not_reported()
    {
        var (_, output, _) = RingmasterProcess.Run(Arguments("hi", "--serial none -o json --engine translator"));

        Assert.False(JsonDocument.Parse(output).RootElement.TryGetProperty("instructions", out _));
    }

    [Fact]
    public void Statistics_and_trace_go_to_standard_error()
    {
        var (_, output, error) = RingmasterProcess.Run(Arguments("hi", "--stats --trace exits --engine interpreter"));

        Assert.Equal("hi", output);
        Assert.Contains("cpu0 out   port 0x3f8 size 1 <- 0x68", error, StringComparison.Ordinal);
        Assert.Matches(@"instructions  \d", error);
        Assert.Matches(@"exits +3  port write", error);
    }

    [Fact]
    public void Verbose_output_says_which_engine_was_chosen_and_why()
    {
        var (_, _, error) = RingmasterProcess.Run(Arguments("hi", "-v"));

        Assert.Contains("Engine translator: it is the fastest engine of this version that works on this host.", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string[] Arguments(string guest, string options = "")
    {
        var file = Path.Combine(_directory, guest);
        File.WriteAllBytes(file, RawGuest.Named(guest));
        return [.. RawGuest.Options(file), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string Read(Stream stream, int count)
    {
        var bytes = new byte[count];
        using var patience = new CancellationTokenSource(RingmasterProcess.Patience);
        stream.ReadExactlyAsync(bytes, patience.Token).AsTask().GetAwaiter().GetResult();
        return Encoding.ASCII.GetString(bytes);
    }
}
