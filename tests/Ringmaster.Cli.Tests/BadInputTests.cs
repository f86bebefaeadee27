using System.Buffers.Binary;

namespace Ringmaster.Cli.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly CliFixture _cli = new();

    /// <summary>KERNEL stands for a good kernel and DIR for a directory with the other files of the table.</summary>
    [Theory]
    [InlineData("run --kernel DIR/missing", "There is no file")]
    [InlineData("run --kernel DIR", "is a directory")]
    [InlineData("run --kernel DIR/truncated", "cut short")]
    [InlineData("run --kernel DIR/text", "looks like a text file")]
    [InlineData("run --kernel DIR/empty", "is empty")]
    [InlineData("run --kernel KERNEL --initrd DIR/missing", "--initrd: There is no file")]
    [InlineData("run --initrd KERNEL", "needs a kernel")]
    [InlineData("run --firmware DIR/missing", "There is no file")]
    [InlineData("run --firmware DIR/text", "is no PC firmware")]
    [InlineData("run --firmware uefi,vars=DIR/text --memory 64M", "--firmware: ")]
    [InlineData("run --kernel KERNEL --boot disk", "--boot: Only firmware boots from devices")]
    [InlineData("run --firmware bios --boot dsik", "Did you mean \"disk\"?")]
    [InlineData("run --firmware bios --boot net", "The machine has no net.")]
    [InlineData("run --firmware KERNEL --entry real", "Firmware starts at the reset vector.")]
    [InlineData("run --kernel KERNEL --serial file=/nonexistent/log", "The serial port 0 cannot use /nonexistent/log")]
    [InlineData("run --kernel KERNEL --serial file=DIR", "The serial port 0 cannot use")]
    [InlineData("run --kernel KERNEL --serial unix=DIR/text", "The serial port 0 cannot use")]
    [InlineData("run --kernel KERNEL --serial stdoi", "Did you mean \"stdio\"?")]
    [InlineData("run --kernel KERNEL --serial stdio --serial stdio", "Only one serial port")]
    [InlineData("run --kernel KERNEL --display vnc=0.0.0.0:1", "Everybody who reaches 0.0.0.0 could use the machine.")]
    [InlineData("run --kernel KERNEL --display vnc=unix:DIR/text", "The screen cannot use")]
    [InlineData("run --kernel KERNEL --display vnc=unix:DIR/socket,password-file=DIR/empty", "is no password for VNC. The password is empty.")]
    [InlineData("run --kernel KERNEL --share DIR/missing", "There is no directory")]
    [InlineData("run --kernel KERNEL --share /", "\"\" is no tag for a share. Write tag=NAME")]
    [InlineData("run --kernel KERNEL --share DIR,tag=a-tag-that-is-longer-than-31-bytes", "is no tag for a share.")]
    [InlineData("run --kernel KERNEL --share DIR,rw", "A share has no property \"rw\". Did you mean \"ro\"?")]
    [InlineData("run --kernel KERNEL --share DIR,tag=a,tag=b", "A share has one tag.")]
    [InlineData("run --kernel KERNEL --share DIR --share DIR", "--share: Two shares have the tag")]
    [InlineData("run --kernel KERNEL --memory 1", "1M is too little for a guest.")]
    [InlineData("run --kernel KERNEL --memory lots", "\"lots\" is no size.")]
    [InlineData("run --kernel KERNEL --memory 9999T", "more than a guest can address")]
    [InlineData("run --kernel KERNEL --cpus 0", "no number of CPUs")]
    [InlineData("run --kernel KERNEL --cpus 17", "at most 16")]
    [InlineData("run --kernel KERNEL --cpus 4,sokets=2", "Did you mean \"sockets\"?")]
    [InlineData("run --kernel KERNEL --cpu default,avx", "Write +name or -name")]
    [InlineData("run --kernel KERNEL --engine vt-x", "There is no engine \"vt-x\"")]
    [InlineData("run --kernel KERNEL --debug-compare --engine interpreter", "--debug-compare: It compares the translator with the interpreter and cannot run the engine \"interpreter\".")]
    [InlineData("run --kernel KERNEL --entry fake", "There is no entry \"fake\"")]
    [InlineData("run --kernel KERNEL --load high", "\"high\" is no address.")]
    [InlineData("run --kernel KERNEL --device isa-debug-exit,iobase", "has no value")]
    [InlineData("run --kernel KERNEL --device tetsdev", "Did you mean \"testdev\"?")]
    [InlineData("run --kernel KERNEL --trace exit", "Did you mean \"exits\"?")]
    [InlineData("run --config DIR/missing", "There is no such file.")]
    [InlineData("run --config DIR/unknown.yaml", "line 2: ")]
    [InlineData("run --config DIR/unknown.yaml", "Did you mean \"memory\"?")]
    [InlineData("run --nonsense", "--nonsense")]
    [InlineData("run -o xml", "xml")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("validate DIR/unknown.yaml", "line 2: memroy: There is no option \"memroy\". Did you mean \"memory\"?")]
    [InlineData("validate DIR/missing", "There is no such file.")]
    [InlineData("completion tcsh", "tcsh")]
    [InlineData("guest fetch windows", "windows")]
    public void Bad_input_ends_with_a_sentence_and_exit_code_2(string line, string expected)
    {
        var header = new byte[4096];
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(0x1FE), 0xAA55);
        "HdrS"u8.CopyTo(header.AsSpan(0x202));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x1F4), 100_000);
        _cli.Write("truncated", header);
        _cli.Write("text", "Dear kernel,\nplease boot.\n"u8);
        _cli.Write("empty", []);
        _cli.Write("unknown.yaml", "memory: 512M\nmemroy: 1G\n"u8);
        var arguments = line.Replace("KERNEL", _cli.Kernel, StringComparison.Ordinal).Replace("DIR", _cli.Directory, StringComparison.Ordinal);

        var (code, _, error) = _cli.Run(arguments.Split(' '));

        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(2, code);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Null(_cli.Machine);
    }

    [Fact]
    public void All_errors_of_a_command_line_are_reported_at_once()
    {
        var (_, _, error) = _cli.Run("run", "--kernel", "/missing", "--memory", "lots", "--engine", "warp");

        Assert.Equal(3, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    public void Dispose() => _cli.Dispose();
}
