using System.Text.Json;

namespace Ringmaster.Cli.Tests;

public sealed class ImageCommandTests : IDisposable
{
    private readonly CliFixture _cli = new();

    [Fact]
    public void An_image_is_made_described_resized_and_checked()
    {
        var path = Path.Combine(_cli.Directory, "disk.qcow2");

        Assert.Equal(0, _cli.Run("image", "create", path, "20G").Code);
        Assert.Equal(0, _cli.Run("image", "resize", path, "+1G").Code);
        var (code, output, _) = _cli.Run("image", "info", path, "-o", "json");

        var info = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, code);
        Assert.Equal("qcow2", info.GetProperty("format").GetString());
        Assert.Equal(21L << 30, info.GetProperty("length").GetInt64());
        Assert.Contains("is fine", _cli.Run("image", "check", path).Out, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(_cli.Directory));
    }

    [Fact]
    public void An_image_is_converted_there_and_back()
    {
        var bytes = new byte[3 << 20];
        new Random(1).NextBytes(bytes.AsSpan(1 << 20, 1 << 20));
        var raw = _cli.Write("disk.raw", bytes);
        var (compressed, back) = (Path.Combine(_cli.Directory, "small.qcow2"), Path.Combine(_cli.Directory, "back.raw"));

        Assert.Equal(0, _cli.Run("image", "convert", "-c", raw, compressed).Code);
        Assert.Equal(0, _cli.Run("image", "convert", "-O", "raw", compressed, back).Code);

        Assert.Equal(bytes, File.ReadAllBytes(back));
    }

    [Fact]
    public void A_clone_holds_only_what_differs()
    {
        var (disk, clone) = (_cli.Write("base.raw", new byte[1 << 20]), Path.Combine(_cli.Directory, "clone.qcow2"));

        var (code, _, error) = _cli.Run("image", "create", clone, "-b", "base.raw", "-F", "raw");

        Assert.True(code == 0, error);
        Assert.Contains("base.raw (raw)", _cli.Run("image", "info", clone).Out, StringComparison.Ordinal);
        Assert.True(File.Exists(disk));
    }

    [Fact]
    public void Snapshots_are_made_listed_applied_and_deleted()
    {
        var path = Path.Combine(_cli.Directory, "disk.qcow2");
        _cli.Run("image", "create", path, "1M");

        Assert.Equal(0, _cli.Run("image", "snapshot", "create", path, "first").Code);
        Assert.Contains("first", _cli.Run("image", "snapshot", "list", path).Out, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("image", "snapshot", "apply", path, "first").Code);
        Assert.Equal(0, _cli.Run("image", "snapshot", "delete", path, "1").Code);

        Assert.Contains("no snapshots", _cli.Run("image", "snapshot", "list", path).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image create DIR/disk.raw 1M", "exists. Choose another name, or add --force")]
    [InlineData("image create DIR/new lots", "is no size")]
    [InlineData("image create DIR/new", "needs a size")]
    [InlineData("image create DIR/new 1000", "multiple of 512")]
    [InlineData("image create DIR/new 1M --cluster-size 1000", "power of two")]
    [InlineData("image create DIR/missing/new 1M", "There is no directory")]
    [InlineData("image create DIR/new -b missing", "There is no file")]
    [InlineData("image create DIR/new -f raw -b disk.raw", "cannot be based on another")]
    [InlineData("image create /dev/null 1M --force", "a place for devices")]
    [InlineData("image info DIR", "is a directory")]
    [InlineData("image info DIR/missing", "There is no file")]
    [InlineData("image info DIR/disk.vmdk", "qemu-img convert -O qcow2")]
    [InlineData("image convert DIR/disk.raw DIR/new -c -O raw", "Only qcow2 images are compressed")]
    [InlineData("image convert DIR/disk.raw DIR/disk.raw", "--force")]
    [InlineData("image resize DIR/disk.raw 512", "--shrink")]
    [InlineData("image check DIR/disk.raw", "raw image")]
    [InlineData("image snapshot create DIR/disk.raw s", "raw image")]
    [InlineData("run --kernel KERNEL --disk DIR/missing", "ringmaster image create")]
    [InlineData("run --kernel KERNEL --disk DIR/disk.raw,cache=none", "cache=writeback")]
    [InlineData("run --kernel KERNEL --disk DIR/disk.raw,formt=raw", "Did you mean \"format\"?")]
    [InlineData("run --kernel KERNEL --disk DIR/disk.raw,format=vmdk", "There is no disk format \"vmdk\"")]
    [InlineData("run --kernel KERNEL --disk DIR/disk.raw,readonly,snapshot", "either readonly or a snapshot")]
    [InlineData("run --kernel KERNEL --disk DIR/disk.raw --disk DIR/disk.raw", "cannot be written by two disks")]
    [InlineData("run --kernel KERNEL --disk DIR/disk.vmdk", "--disk: ")]
    [InlineData("run --config DIR/disks.yaml", "A disk needs a \"path\"")]
    public void What_is_wrong_is_said_with_a_remedy_and_nothing_is_left_behind(string line, string expected)
    {
        _cli.Write("disk.raw", new byte[1 << 20]);
        _cli.Write("disk.vmdk", [.. "KDMV"u8, .. new byte[2048]]);
        _cli.Write("disks.yaml", "disk:\n  - {format: raw}\n"u8);
        var arguments = line.Replace("KERNEL", _cli.Kernel, StringComparison.Ordinal).Replace("DIR", _cli.Directory, StringComparison.Ordinal);
        var before = Directory.GetFiles(_cli.Directory).Order().ToList();

        var (code, _, error) = _cli.Run(arguments.Split(' '));

        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(2, code);
        Assert.Equal(before, Directory.GetFiles(_cli.Directory).Order());
        Assert.Equal(1 << 20, new FileInfo(Path.Combine(_cli.Directory, "disk.raw")).Length);
    }

    [Fact]
    public void Disks_of_a_file_and_the_command_line_reach_the_machine()
    {
        var path = Path.Combine(_cli.Directory, "disk.qcow2");
        _cli.Run("image", "create", path, "1M");
        var file = _cli.Write("machine.yaml", "disk:\n  - {path: disk.qcow2, readonly: true}\n  - disk.qcow2,readonly,format=qcow2\n"u8);

        var (code, _, error) = _cli.Run("run", "--kernel", _cli.Kernel, "--config", file);

        Assert.True(code == 0, error);
        Assert.Equal(2, _cli.Machine!.Host.Disks.Count);
        Assert.All(_cli.Machine.Host.Disks, disk => Assert.True(disk.IsReadOnly && disk.Length == 1 << 20));
    }

    [Fact]
    public void Force_replaces_an_image_only_by_a_whole_one()
    {
        var path = _cli.Write("disk.raw", new byte[1 << 20]);

        Assert.Equal(2, _cli.Run("image", "create", path, "-b", "missing", "--force").Code);
        Assert.Equal(1 << 20, new FileInfo(path).Length);
        Assert.Equal(0, _cli.Run("image", "create", path, "2M", "-f", "raw", "--force").Code);

        Assert.Equal(2 << 20, new FileInfo(path).Length);
    }

    [Theory]
    [InlineData("image --help", "image create disk.qcow2 20G")]
    [InlineData("image create --help", "--backing")]
    [InlineData("image check --help", "Leaks are clusters")]
    [InlineData("run --help", "--disk")]
    public void Help_teaches(string line, string expected) =>
        Assert.Contains(expected, _cli.Run(line.Split(' ')).Out, StringComparison.Ordinal);

    public void Dispose() => _cli.Dispose();
}
