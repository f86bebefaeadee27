using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Tests.Configuration;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("512M", 512UL << 20)]
    [InlineData("512m", 512UL << 20)]
    [InlineData("1G", 1UL << 30)]
    [InlineData("1.5G", 3UL << 29)]
    [InlineData("64MiB", 64UL << 20)]
    [InlineData("64 MB", 64UL << 20)]
    [InlineData("268435456", 268435456UL)]
    [InlineData("1048576", 1048576UL)]
    [InlineData("256", 256UL << 20)]
    [InlineData("4096B", 4096UL)]
    [InlineData("2T", 2UL << 40)]
    [InlineData("0", 0UL)]
    public void Sizes_are_read(string text, ulong bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("M")]
    [InlineData("lots")]
    [InlineData("-1G")]
    [InlineData("1e3")]
    [InlineData("1MM")]
    [InlineData("1.2.3M")]
    [InlineData("0x100")]
    [InlineData("99999999999999999999T")]
    [InlineData("512M or so")]
    public void Nonsense_is_refused(string? text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(512UL << 20, "512M")]
    [InlineData(3UL << 29, "1.5G")]
    [InlineData(1UL << 30, "1G")]
    [InlineData(4096, "4K")]
    [InlineData(1, "1B")]
    public void Sizes_are_written_with_a_unit(ulong bytes, string text) => Assert.Equal(text, new ByteSize(bytes).ToString());
}
