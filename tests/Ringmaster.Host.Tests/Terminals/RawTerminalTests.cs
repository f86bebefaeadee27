using System.Diagnostics;
using Ringmaster.Host.Files;
using Ringmaster.Host.Terminals;

namespace Ringmaster.Host.Tests.Terminals;

public sealed class RawTerminalTests
{
    [Fact]
    public void Raw_mode_turns_off_echo_and_signals_and_disposing_brings_them_back()
    {
        using var pair = PseudoTerminal.Open();
        Stty(pair.Path, "sane");
        using var handle = File.OpenHandle(pair.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var descriptor = new FileDescriptor((int)handle.DangerousGetHandle(), owned: false);
        var before = Stty(pair.Path, "-g");

        using var terminal = RawTerminal.Enter(descriptor);
        var during = Stty(pair.Path, "-a");
        terminal!.Dispose();
        var after = Stty(pair.Path, "-g");

        Assert.Contains("-isig", during, StringComparison.Ordinal);
        Assert.Contains("-icanon", during, StringComparison.Ordinal);
        Assert.Contains("-echo ", during, StringComparison.Ordinal);
        Assert.Equal(before, after);
    }

    [Fact]
    public void A_terminal_given_back_stays_given_back()
    {
        using var pair = PseudoTerminal.Open();
        Stty(pair.Path, "sane");
        using var handle = File.OpenHandle(pair.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var descriptor = new FileDescriptor((int)handle.DangerousGetHandle(), owned: false);
        var before = Stty(pair.Path, "-g");
        var terminal = RawTerminal.Enter(descriptor)!;
        terminal.Dispose();

        terminal.Reapply();

        Assert.Equal(before, Stty(pair.Path, "-g"));
    }

    [Fact]
    public void Something_that_is_no_terminal_is_left_alone()
    {
        using var handle = File.OpenHandle("/dev/null");
        using var descriptor = new FileDescriptor((int)handle.DangerousGetHandle(), owned: false);

        Assert.Null(RawTerminal.Enter(descriptor));
        Assert.Null(TerminalSize.Of(descriptor));
    }

    [Fact]
    public void A_size_set_on_one_side_is_seen_on_the_other()
    {
        using var pair = PseudoTerminal.Open();
        using var handle = File.OpenHandle(pair.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var descriptor = new FileDescriptor((int)handle.DangerousGetHandle(), owned: false);

        pair.Resize(new TerminalSize(123, 45));

        Assert.Equal(new TerminalSize(123, 45), TerminalSize.Of(descriptor));
    }

    [Fact]
    public async Task A_signal_ends_a_wait_for_input()
    {
        using var pair = PseudoTerminal.Open();
        using var wake = new WakeSignal();
        var waiting = Task.Run(() => pair.Side.WaitReadable(wake));

        wake.Set();

        Assert.False(await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private static string Stty(string path, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("stty", ["-F", path, arguments]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
