using Ringmaster.Backends.Disks;

namespace Ringmaster.Backends.Tests.Disks;

public sealed class QemuImageTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("images").FullName;

    [Theory]
    [InlineData("-O qcow2 -o compat=0.10")]
    [InlineData("-O qcow2 -o compat=1.1,cluster_size=512")]
    [InlineData("-O qcow2 -o compat=1.1,cluster_size=2M")]
    [InlineData("-O qcow2 -c -o compat=0.10,cluster_size=4096")]
    [InlineData("-O qcow2 -c -o compat=1.1")]
    [InlineData("-O qcow2 -c -o compat=1.1,cluster_size=2M")]
    [InlineData("-O qcow2 -c -o compat=1.1,compression_type=zstd")]
    [InlineData("-O qcow2 -c -o compat=1.1,compression_type=zstd,cluster_size=512")]
    [InlineData("-O qcow2 -c -o compat=1.1,compression_type=zstd,cluster_size=2M")]
    [InlineData("-O qcow2 -o preallocation=metadata")]
    [InlineData("-O qcow2 -o preallocation=falloc")]
    [InlineData("-O qcow2 -S 0")]
    [InlineData("-O raw")]
    public void An_image_of_qemus_reads_the_same_and_can_be_written_over(string options)
    {
        var content = Sample(5 << 20);
        var (raw, path) = (Path.Combine(_directory, "raw"), Path.Combine(_directory, "image"));
        File.WriteAllBytes(raw, content);
        QemuTools.Img(["convert", "-f", "raw", .. options.Split(' '), raw, path]);

        using (var image = DiskImages.Open(new DiskOptions(path)))
        {
            var disk = new ModelledDisk(image, content, new Random(1));
            disk.AssertAll();
            for (var i = 0; i < 150; i++)
                disk.Step();
            disk.AssertAll();
        }

        if (options.Contains("raw", StringComparison.Ordinal))
        {
            Assert.Equal(content, File.ReadAllBytes(path));
            return;
        }
        QemuTools.Check(path);
        QemuTools.AssertContent(path, content);
    }

    [Theory]
    [InlineData(false, false, 64 * 1024)]
    [InlineData(true, false, 64 * 1024)]
    [InlineData(true, false, 512)]
    [InlineData(true, false, 2 << 20)]
    [InlineData(true, true, 64 * 1024)]
    [InlineData(true, true, 4096)]
    public void A_converted_image_is_right_for_qemu_and_takes_no_room_for_zeros(bool compresses, bool zstandard, int clusterSize)
    {
        var content = Sample((5 << 20) + 512);
        var (raw, path) = (Path.Combine(_directory, "raw"), Path.Combine(_directory, "image"));
        File.WriteAllBytes(raw, content);
        var target = new ImageSpec(path, DiskFormat.Qcow2) { ClusterSize = clusterSize, UsesZstandard = zstandard };
        var last = (Done: 0L, Of: 0L);

        ImageConversion.Run(new DiskOptions(raw, DiskFormat.Raw), target, compresses, (done, of) => last = (done, of), default);

        QemuTools.Check(path);
        QemuTools.AssertContent(path, content);
        Assert.Equal((content.Length, content.Length), last);
        Assert.InRange(new FileInfo(path).Length, 1, content.Length - (1 << 20) + 5 * clusterSize);
    }

    [Fact]
    public void A_conversion_to_raw_keeps_holes()
    {
        var (source, path) = (Path.Combine(_directory, "image"), Path.Combine(_directory, "raw"));
        QemuTools.Img("create", "-q", "-f", "qcow2", source, "64M");
        QemuTools.Io(source, "write -P 5 1M 64k", "write -P 0 8M 1M");

        ImageConversion.Run(new DiskOptions(source), new ImageSpec(path, DiskFormat.Raw), compresses: false, (_, _) => { }, default);

        QemuTools.Img("compare", "-f", "qcow2", "-F", "raw", source, path);
        Assert.InRange(ImageInspection.Describe(path).AllocatedLength, 64 << 10, 256 << 10);
    }

    [Fact]
    public void A_chain_of_images_reads_through_relative_names_and_is_not_written()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "below"));
        var (bottom, middle, top) = (Path.Combine(_directory, "below/bottom"), Path.Combine(_directory, "below/middle"), Path.Combine(_directory, "top"));
        var content = Sample(1 << 20);
        File.WriteAllBytes(bottom, content);
        ImageCreation.Create(new ImageSpec(middle, DiskFormat.Qcow2) { BackingFile = "bottom", BackingFormat = DiskFormat.Raw });
        QemuTools.Io(middle, "write -P 3 64k 64k");
        ImageCreation.Create(new ImageSpec(top, DiskFormat.Qcow2) { BackingFile = "below/middle", Size = 2 << 20 });

        using (var image = DiskImages.Open(new DiskOptions(top)))
        {
            var disk = new ModelledDisk(image, [.. content, .. new byte[1 << 20]], new Random(4));
            disk.Content.AsSpan(64 << 10, 64 << 10).Fill(3);
            disk.AssertAll();
            for (var i = 0; i < 100; i++)
                disk.Step();
            content = disk.Content;
        }

        QemuTools.Check(top);
        QemuTools.AssertContent(top, content);
        Assert.Equal("qcow2", ImageInspection.Describe(top).BackingFormat);
    }

    [Theory]
    [InlineData("64k")]
    [InlineData("512")]
    public void An_image_grows_by_zeros_also_where_its_backing_image_goes_on(string cluster)
    {
        var (below, path) = (Path.Combine(_directory, "below"), Path.Combine(_directory, "image"));
        File.WriteAllBytes(below, [.. Enumerable.Repeat((byte)9, 4 << 20)]);
        QemuTools.Img("create", "-q", "-f", "qcow2", "-o", $"cluster_size={cluster}", "-b", below, "-F", "raw", path, "1000k");

        ImageMaintenance.Resize(path, null, 3 << 20, shrinks: false);
        QemuTools.AssertContent(path, [.. Enumerable.Repeat((byte)9, 1000 << 10), .. new byte[(3 << 20) - (1000 << 10)]]);
        ImageMaintenance.Resize(path, null, 100 << 10, shrinks: true);
        ImageMaintenance.Resize(path, null, 8L << 30, shrinks: false);

        QemuTools.Check(path);
        QemuTools.Io(path, "read -P 9 0 100k", "read -P 0 100k 64M");
        Assert.Throws<DiskImageException>(() => ImageMaintenance.Resize(path, null, 1 << 20, shrinks: false));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Noise, text and zeros in turns.</summary>
    private static byte[] Sample(int length)
    {
        var random = new Random(99);
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var run = bytes.AsSpan(at, Math.Min(length - at, random.Next(1, 300_000)));
            switch (random.Next(3))
            {
                case 0:
                    random.NextBytes(run);
                    break;
                case 1:
                    for (var i = 0; i < run.Length; i++)
                        run[i] = (byte)"It was a dark and stormy disk; "[i % 31];
                    break;
            }
            at += run.Length;
        }
        bytes.AsSpan(1 << 19, 1 << 19).Clear();
        bytes.AsSpan(^(Math.Min(length / 2, 1 << 20))..^512).Clear();
        return bytes;
    }
}
