using System.Diagnostics;
using System.Text;
using Ringmaster.Host.Terminals;

namespace Ringmaster.Cli.Tests.EndToEnd;

/// <summary>The program on a terminal of its own.</summary>
public sealed class TerminalProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tty").FullName;
    private readonly PseudoTerminal _user = PseudoTerminal.Open();
    private readonly StringBuilder _screen = new();

    public TerminalProcessTests()
    {
        Stty("sane");
        new Thread(ReadScreen) { IsBackground = true }.Start();
    }

    [Theory]
    [InlineData("echo", "q", null, 0)]
    [InlineData("echo", "\u0001x", null, 130)]
    [InlineData("echo", "", "TERM", 130)]
    [InlineData("echo", "", "INT", 130)]
    [InlineData("button", "\u0001p", null, 0)]
    [InlineData("crash", "", null, 4)]
    public void The_terminal_is_raw_during_the_run_and_as_before_after_it(string guest, string keys, string? signal, int code)
    {
        var before = Stty("-g");
        using var program = RingmasterProcess.StartOn(_user.Path, Arguments(guest));
        if (guest == "echo")
        {
            // Ctrl-C goes to the guest, which sends it back: the terminal makes no signal of it.
            SpinWait.SpinUntil(() => Stty("-g") != before, RingmasterProcess.Patience);
            Type("\u0003");
            AwaitScreen("\u0003");
            Assert.NotEqual(before, Stty("-g"));
        }
        else if (guest == "button")
        {
            AwaitScreen(">");
        }

        Type(keys);
        if (signal is not null)
            program.Signal(signal);

        Assert.Equal(code, program.WaitForExit());
        Assert.Equal(before, Stty("-g"));
        if (guest == "button")
            AwaitScreen("b");
    }

    [Fact]
    public void The_keys_are_explained()
    {
        using var program = RingmasterProcess.StartOn(_user.Path, Arguments("spin"));
        AwaitScreen(">");

        Type("\u0001h\u0001s\u0001p\u0001x");

        Assert.Equal(130, program.WaitForExit());
        Assert.Contains("Ctrl-A x        leave", program.Error, StringComparison.Ordinal);
        Assert.Contains("interrupts    ", program.Error, StringComparison.Ordinal);
        Assert.Contains("does not listen to its power button", program.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _user.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string[] Arguments(string guest)
    {
        var file = Path.Combine(_directory, guest);
        File.WriteAllBytes(file, RawGuest.Named(guest));
        return RawGuest.Options(file);
    }

    private void Type(string keys)
    {
        for (var bytes = Encoding.ASCII.GetBytes(keys).AsSpan(); !bytes.IsEmpty;)
            bytes = bytes[_user.Side.Write(bytes)..];
    }

    private void AwaitScreen(string text) =>
        Assert.True(SpinWait.SpinUntil(() => Screen().Contains(text, StringComparison.Ordinal), RingmasterProcess.Patience), Screen());

    private string Screen()
    {
        lock (_screen)
            return _screen.ToString();
    }

    private void ReadScreen()
    {
        var buffer = new byte[1024];
        try
        {
            for (int count; (count = _user.Side.Read(buffer)) > 0;)
            {
                lock (_screen)
                    _screen.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (Exception error) when (error is Ringmaster.Host.LinuxException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private string Stty(string argument)
    {
        using var process = Process.Start(new ProcessStartInfo("stty", ["-F", _user.Path, argument]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
