using System.Diagnostics;
using Ringmaster.Machine.Assembly;

namespace Ringmaster.Machine.Tests.Assembly;

public sealed class StartFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ringmaster-start-").FullName;

    private string FilePath => Path.Combine(_directory, "vmlinuz");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void It_is_read_each_time(int length)
    {
        var content = RandomBytes(length);
        File.WriteAllBytes(FilePath, content);
        using var file = StartFile.Open(FilePath, "kernel");

        Assert.Equal("vmlinuz", file.Name);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(content, Read(file));
        }
    }

    [Fact]
    public void A_file_put_in_its_place_is_another_one()
    {
        File.WriteAllText(FilePath, "first");
        using var file = StartFile.Open(FilePath, "kernel");
        var other = Path.Combine(_directory, "other");
        File.WriteAllText(other, "second");
        File.Move(other, FilePath, overwrite: true);

        Assert.Equal("first"u8.ToArray(), Read(file));
    }

    [Fact]
    public void What_is_left_of_a_file_that_was_cut_short_is_read()
    {
        File.WriteAllBytes(FilePath, RandomBytes(10_000));
        using var file = StartFile.Open(FilePath, "kernel");
        File.WriteAllText(FilePath, "short");

        Assert.Equal("short"u8.ToArray(), Read(file));
    }

    [Fact]
    public async Task What_comes_through_a_pipe_is_kept()
    {
        using var mkfifo = Process.Start("mkfifo", FilePath);
        await mkfifo.WaitForExitAsync();
        Assert.Equal(0, mkfifo.ExitCode);
        var content = RandomBytes(200_000);
        var writes = Task.Run(() => File.WriteAllBytes(FilePath, content));
        using var file = StartFile.Open(FilePath, "kernel");

        Assert.Equal(content, Read(file));
        Assert.Equal(content, Read(file));
        await writes.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void What_cannot_be_read_is_named()
    {
        Assert.Contains($"The kernel {FilePath} cannot be read", Assert.Throws<MachineSetupException>(() => StartFile.Open(FilePath, "kernel")).Message, StringComparison.Ordinal);
        Assert.Contains("initrd", Assert.Throws<MachineSetupException>(() => StartFile.Open(_directory, "initrd")).Message, StringComparison.Ordinal);
    }

    private static byte[] Read(StartFile file)
    {
        using var content = file.Read();
        return content.Memory.ToArray();
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
