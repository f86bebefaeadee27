using Ringmaster.Backends.Guests;
using Ringmaster.Cli.Run;
using Ringmaster.Host.Terminals;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Tests;

public sealed class MachinePlanTests
{
    public static TheoryData<string?, bool, TerminalSize?, string> Consoles => new()
    {
        { null, true, new TerminalSize(100, 30), "console=ttyS0 ringmaster.rows=30 ringmaster.cols=100 TERM=" },
        { null, true, null, "console=ttyS0 TERM=" },
        { null, false, null, "console=ttyS0 ringmaster.run=\"stty -echo; exec sh\"" },
        { "quiet ringmaster.run=poweroff", false, null, "quiet ringmaster.run=poweroff" },
    };

    [Theory]
    [MemberData(nameof(Consoles))]
    public void The_default_guest_is_told_what_it_is_seen_on(string? given, bool isTerminal, TerminalSize? size, string expected)
    {
        var config = MachinePlan.Complete(
            new MachineOptions { CommandLine = given }, () => new DefaultGuest("/kernel", "/initrd"), new ConsoleKind(isTerminal, size));

        Assert.StartsWith(expected, config.CommandLine, StringComparison.Ordinal);
        Assert.Equal(isTerminal, config.CommandLine.Contains("TERM=", StringComparison.Ordinal));
        Assert.Equal(("/kernel", "/initrd"), (config.Kernel, config.Initrds.Single()));
    }
}
