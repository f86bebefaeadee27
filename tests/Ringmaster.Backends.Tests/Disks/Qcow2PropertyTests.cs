using Ringmaster.Backends.Disks;

namespace Ringmaster.Backends.Tests.Disks;

public sealed class Qcow2PropertyTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("qcow2").FullName;

    public static TheoryData<string, int> Kinds()
    {
        var data = new TheoryData<string, int>();
        foreach (var version in (string[])["compat=0.10", "compat=1.1", "compat=1.1,lazy_refcounts=on"])
        {
            foreach (var bits in (int[])[9, 12, 16, 21])
                data.Add($"{version},cluster_size={1 << bits}", bits);
        }
        foreach (var width in (int[])[1, 2, 4, 8, 32, 64])
            data.Add($"compat=1.1,cluster_size=512,refcount_bits={width}", width);
        data.Add("compat=1.1,preallocation=metadata", 1);
        data.Add("compat=1.1,preallocation=full,cluster_size=4096", 2);
        return data;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Random_work_leaves_an_image_that_qemu_finds_right(string options, int seed)
    {
        var path = Path.Combine(_directory, "disk.qcow2");
        QemuTools.Img("create", "-q", "-f", "qcow2", "-o", options, path, "3M");

        var content = Work(path, new byte[3 << 20], new Random(seed), 400);

        QemuTools.Check(path);
        QemuTools.AssertContent(path, content);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Random_work_over_a_backing_image_leaves_that_as_it_is(string options, int seed)
    {
        var random = new Random(seed);
        var (below, path) = (Path.Combine(_directory, "base.raw"), Path.Combine(_directory, "disk.qcow2"));
        // Shorter than the overlay, and not ending with a cluster.
        var old = new byte[3 << 20];
        random.NextBytes(old.AsSpan(0, (2 << 20) - 1536));
        File.WriteAllBytes(below, old.AsSpan(0, (2 << 20) - 1536));
        if (options.Contains("preallocation", StringComparison.Ordinal))
            options = "compat=1.1";
        QemuTools.Img("create", "-q", "-f", "qcow2", "-o", options, "-b", below, "-F", "raw", path, "3M");

        var content = Work(path, (byte[])old.Clone(), random, 300);

        QemuTools.Check(path);
        QemuTools.AssertContent(path, content);
        Assert.Equal(old[..((2 << 20) - 1536)], File.ReadAllBytes(below));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static byte[] Work(string path, byte[] content, Random random, int steps)
    {
        for (var round = 0; round < 2; round++)
        {
            using var image = DiskImages.Open(new DiskOptions(path, DiskFormat.Qcow2, Cache: DiskCache.Unsafe));
            var disk = new ModelledDisk(image, content, random);
            for (var i = 0; i < steps / 2; i++)
                disk.Step();
            disk.AssertAll();
        }
        return content;
    }
}
