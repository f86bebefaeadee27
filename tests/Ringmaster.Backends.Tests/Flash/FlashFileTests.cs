using System.Diagnostics;
using Ringmaster.Backends.Flash;
using Ringmaster.Devices.Flash;

namespace Ringmaster.Backends.Tests.Flash;

public sealed class FlashFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"ringmaster-flash-{Guid.NewGuid():n}");
    private readonly byte[] _template = new byte[3 * CfiFlash.BlockSize];

    public FlashFileTests() => new Random(1).NextBytes(_template);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_new_file_holds_the_template()
    {
        using (var file = new FlashFile(_path, _template))
            Assert.Equal(_template, file.Content.ToArray());

        Assert.Equal(_template, File.ReadAllBytes(_path));
    }

    [Fact]
    public void What_changes_is_there_the_next_time()
    {
        using (var file = new FlashFile(_path, _template))
        {
            file.Write(CfiFlash.BlockSize - 2, [1, 2, 3, 4]);
            file.Write(2 * CfiFlash.BlockSize + 9, [5]);
        }

        byte[] expected = [.. _template];
        ((byte[])[1, 2, 3, 4]).CopyTo(expected, CfiFlash.BlockSize - 2);
        expected[2 * CfiFlash.BlockSize + 9] = 5;
        using var again = new FlashFile(_path, _template);
        Assert.Equal(expected, again.Content.ToArray());
    }

    [Fact]
    public void What_changes_is_written_soon()
    {
        using var file = new FlashFile(_path, _template);
        file.Write(0, [0x12, 0x34]);

        var isThere = SpinWait.SpinUntil(() => Begin() == 0x3412, TimeSpan.FromSeconds(20));

        Assert.True(isThere);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    [InlineData(8192)]
    public void Files_of_other_sizes_are_refused(int length)
    {
        File.WriteAllBytes(_path, new byte[length]);

        ReadOnlyMemory<byte>? template = length == 0 ? null : _template;
        Assert.Contains($"has {length} bytes", Assert.Throws<IOException>(() => new FlashFile(_path, template)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_one_machine_has_it()
    {
        using var file = new FlashFile(_path, _template);

        Assert.Throws<IOException>(() => new FlashFile(_path, _template));
    }

    /// <summary>The first bytes, read by a process that does not heed the machine's lock.</summary>
    private int Begin()
    {
        using var reader = Process.Start(new ProcessStartInfo("head", ["-c", "2", _path]) { RedirectStandardOutput = true })!;
        var bytes = new byte[2];
        reader.StandardOutput.BaseStream.ReadExactly(bytes);
        reader.WaitForExit();
        return BitConverter.ToUInt16(bytes);
    }
}
