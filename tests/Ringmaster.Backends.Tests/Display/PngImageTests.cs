using Ringmaster.Backends.Display;
using Ringmaster.Devices.Display;

namespace Ringmaster.Backends.Tests.Display;

public sealed class PngImageTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [ToolFact("pngtopnm")]
    public void Another_decoder_reads_the_same_pixels()
    {
        foreach (var size in (ScreenSize[])[new(1, 1), new(720, 400), new(333, 7), new(2, 1000)])
        {
            var pixels = Enumerable.Range(0, size.Pixels).Select(i => (uint)(i * 2654435761u) >> 8).ToArray();
            using (var file = File.Create(_path))
                PngImage.Write(file, size, pixels);

            var read = HostTool.ReadPixmap(HostTool.Run("pngtopnm", _path));

            Assert.Equal((size.Width, size.Height), (read.Width, read.Height));
            Assert.Equal(pixels, read.Pixels);
        }
    }

    [Fact]
    public void The_upper_byte_of_pixels_does_not_count()
    {
        using var plain = new MemoryStream();
        using var marked = new MemoryStream();
        PngImage.Write(plain, new ScreenSize(2, 1), [0x123456, 0]);

        PngImage.Write(marked, new ScreenSize(2, 1), [0xFF123456, 0x80000000]);

        Assert.Equal(plain.ToArray(), marked.ToArray());
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], plain.ToArray()[..4]);
    }

    [Fact]
    public void Too_few_pixels_are_refused()
    {
        using var stream = new MemoryStream();

        Assert.Throws<ArgumentException>(() => PngImage.Write(stream, new ScreenSize(2, 2), new uint[3]));
        Assert.Equal(0, stream.Length);
    }

    public void Dispose() => File.Delete(_path);
}
