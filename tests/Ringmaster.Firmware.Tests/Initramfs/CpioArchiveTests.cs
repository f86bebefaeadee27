using System.Text;
using Ringmaster.Firmware.Initramfs;

namespace Ringmaster.Firmware.Tests.Initramfs;

public sealed class CpioArchiveTests
{
    private static readonly DateTimeOffset Time = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_entry_is_a_hexadecimal_header_a_name_and_content_each_padded_to_four_bytes()
    {
        var archive = new CpioArchive(Time).AddFile("a.txt", "hello"u8).ToArray();

        var header = "070701" + "00000001" + "000081a4" + "00000000" + "00000000" + "00000001" + "65e071c0" + "00000005" +
            "00000000" + "00000000" + "00000000" + "00000000" + "00000006" + "00000000";
        Assert.Equal(header + "a.txt\0hello\0\0\0070701", Encoding.ASCII.GetString(archive, 0, 110 + 6 + 8 + 6));
        Assert.Equal(0, archive.Length % 512);
        Assert.Contains("TRAILER!!!\0", Encoding.ASCII.GetString(archive), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_calls_give_the_same_bytes()
    {
        static byte[] Make() => new CpioArchive().AddFile("x/y", [1]).AddSymbolicLink("z", "x/y").ToArray();

        Assert.Equal(Make(), Make());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc")]
    [InlineData("a//b")]
    [InlineData("../up")]
    [InlineData("a/./b")]
    [InlineData("TRAILER!!!")]
    [InlineData("there")]
    public void Paths_that_an_unpacker_would_misread_are_refused(string path)
    {
        var archive = new CpioArchive().AddFile("there", []);

        Assert.ThrowsAny<ArgumentException>(() => archive.AddFile(path, []));
    }

    [ToolFact("cpio")]
    public void Cpio_lists_and_unpacks_it()
    {
        using var folder = new TemporaryFolder();
        var archive = new CpioArchive(Time)
            .AddDirectory("bin", 0x1C0)
            .AddFile("bin/tool", "#!x\n"u8, 0x1ED)
            .AddFile("usr/share/empty", [])
            .AddSymbolicLink("bin/link", "tool")
            .AddCharacterDevice("dev/console", 5, 1)
            .AddBlockDevice("dev/vda", 254, 0)
            .ToArray();

        var listing = ExternalTool.Run(folder.Path, archive, "cpio", "-itv", "--numeric-uid-gid", "--quiet");
        ExternalTool.Run(folder.Path, archive, "cpio", "-idm", "--quiet", "bin", "bin/*", "usr/*");

        foreach (var line in new[] { "drwx------", "-rwxr-xr-x", "5,   1", "254,   0", "dev/console", "usr/share\n", "bin/link -> tool" })
            Assert.Contains(line, listing, StringComparison.Ordinal);
        Assert.Equal("#!x\n", File.ReadAllText(folder.File("bin/tool")));
        Assert.Equal("tool", File.ResolveLinkTarget(folder.File("bin/link"), false)!.Name);
        Assert.Equal(Time.UtcDateTime, File.GetLastWriteTimeUtc(folder.File("bin/tool")));
        Assert.Equal("700\n", ExternalTool.Run(folder.Path, [], "stat", "-c", "%a", "bin"));
        Assert.Equal(0, new FileInfo(folder.File("usr/share/empty")).Length);
    }
}
