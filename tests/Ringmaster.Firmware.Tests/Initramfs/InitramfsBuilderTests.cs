using System.Text;
using Ringmaster.Firmware.Initramfs;

namespace Ringmaster.Firmware.Tests.Initramfs;

public sealed class InitramfsBuilderTests
{
    [ToolFact("cpio")]
    public void It_holds_busybox_init_and_what_was_added()
    {
        using var folder = new TemporaryFolder();
        var archive = new InitramfsBuilder("BUSYBOX"u8.ToArray()).WithHostName("guest-1").WithScript("#!/bin/sh\n").WithFile("opt/data", "D"u8.ToArray()).Build();

        var listing = ExternalTool.Run(folder.Path, archive, "cpio", "-itv", "--quiet").Split('\n');
        ExternalTool.Run(folder.Path, archive, "cpio", "-id", "--quiet", "init", "bin", "bin/*", "etc", "etc/*", "script", "opt", "opt/*");

        Assert.Contains(listing, l => l.StartsWith("crw", StringComparison.Ordinal) && l.EndsWith("dev/console", StringComparison.Ordinal));
        Assert.Contains(listing, l => l.StartsWith("-rwxr-xr-x", StringComparison.Ordinal) && l.EndsWith(" init", StringComparison.Ordinal));
        Assert.Equal("BUSYBOX", File.ReadAllText(folder.File("bin/busybox")));
        Assert.Equal("guest-1\n", File.ReadAllText(folder.File("etc/hostname")));
        Assert.Equal("D", File.ReadAllText(folder.File("opt/data")));
        Assert.StartsWith("#!/bin/busybox sh\n", File.ReadAllText(folder.File("init")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("console=ttyS0 ringmaster.run=date quiet", "date")]
    [InlineData("ringmaster.run=\"echo a; echo b\" quiet", "echo a; echo b")]
    [InlineData("a=b \"ringmaster.run=echo a b\" quiet", "echo a b")]
    [InlineData("quiet", "")]
    public void Init_reads_a_parameter_with_and_without_quotes(string commandLine, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("cmdline"), commandLine + "\n");
        var script = InitScript.Text[InitScript.Text.IndexOf("parameter() {", StringComparison.Ordinal)..];
        script = script[..(script.IndexOf("\n}\n", StringComparison.Ordinal) + 3)].Replace("/proc/cmdline", "cmdline", StringComparison.Ordinal);

        var value = ExternalTool.Run(folder.Path, Encoding.ASCII.GetBytes(script + "parameter 'ringmaster\\.run'\n"), "sh");

        Assert.Equal(expected, value.TrimEnd('\n'));
    }

    [ToolFact("sh")]
    public void Init_is_valid_shell()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal("", ExternalTool.Run(folder.Path, Encoding.ASCII.GetBytes(InitScript.Text), "sh", "-n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("-x")]
    [InlineData("x\n")]
    public void Names_that_are_no_host_names_are_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new InitramfsBuilder(default).WithHostName(name));
}
