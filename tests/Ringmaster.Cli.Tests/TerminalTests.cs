using System.Diagnostics;
using System.Text;
using Ringmaster.Host.Files;
using Ringmaster.Host.Terminals;
using Ringmaster.Machine;

namespace Ringmaster.Cli.Tests;

public sealed class TerminalTests : IDisposable
{
    private readonly CliFixture _cli = new();
    private readonly PseudoTerminal _user = PseudoTerminal.Open();
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _handle;
    private readonly FileDescriptor _terminal;

    public TerminalTests()
    {
        Stty("sane");
        _handle = File.OpenHandle(_user.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        _terminal = new FileDescriptor((int)_handle.DangerousGetHandle(), owned: false);
    }

    [Fact]
    public void Keys_reach_the_guest_and_the_escape_key_leaves_with_the_terminal_as_it_was()
    {
        var before = Stty("-g");
        var typed = new StringBuilder();
        _cli.Behaviour = (machine, stop) =>
        {
            machine.Host.Serials[0]!.Connect(bytes =>
            {
                lock (typed)
                    typed.Append(Encoding.ASCII.GetString(bytes));
                return bytes.Length;
            });
            Type("ls\u0003\u0001\u0001\u0001p");
            SpinWait.SpinUntil(() => Typed(typed).Length >= 4, 5000);
            Type("\u0001x");
            Assert.True(stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
            return new RunOutcome.Stopped();
        };

        var (code, _, _) = _cli.RunOn(_terminal, _terminal, "run", "--kernel", _cli.Kernel);

        Assert.Equal(130, code);
        Assert.Equal("ls\u0003\u0001", Typed(typed));
        Assert.Equal(1, _cli.Machine!.PowerPresses);
        Assert.Equal(before, Stty("-g"));
    }

    [Fact]
    public void The_terminal_is_given_back_when_the_machine_breaks()
    {
        var before = Stty("-g");
        var during = "";
        _cli.Behaviour = (_, _) =>
        {
            during = Stty("-g");
            throw new InvalidOperationException("broken");
        };

        var (code, _, _) = _cli.RunOn(_terminal, _terminal, "run", "--kernel", _cli.Kernel);

        Assert.Equal(6, code);
        Assert.NotEqual(before, during);
        Assert.Equal(before, Stty("-g"));
    }

    [Fact]
    public void The_window_size_reaches_the_machine_and_help_and_statistics_answer()
    {
        _user.Resize(new TerminalSize(100, 30));
        _cli.Behaviour = (_, stop) =>
        {
            Type("\u0001h\u0001s\u0001x");
            stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(10));
            return new RunOutcome.Stopped();
        };

        var (_, _, error) = _cli.RunOn(_terminal, _terminal, "run", "--kernel", _cli.Kernel);

        Assert.Equal(new TerminalSize(100, 30), _cli.Machine!.Host.ConsoleSize);
        Assert.Contains("press the power button", error, StringComparison.Ordinal);
        Assert.Contains("interrupts    7", error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _handle.Dispose();
        _user.Dispose();
        _cli.Dispose();
    }

    private static string Typed(StringBuilder typed)
    {
        lock (typed)
            return typed.ToString();
    }

    private void Type(string keys)
    {
        for (var bytes = Encoding.ASCII.GetBytes(keys).AsSpan(); !bytes.IsEmpty;)
            bytes = bytes[_user.Side.Write(bytes)..];
    }

    private string Stty(string argument)
    {
        using var process = Process.Start(new ProcessStartInfo("stty", ["-F", _user.Path, argument]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
