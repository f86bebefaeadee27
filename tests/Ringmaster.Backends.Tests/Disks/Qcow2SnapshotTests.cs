using Ringmaster.Backends.Disks;

namespace Ringmaster.Backends.Tests.Disks;

public sealed class Qcow2SnapshotTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snapshots").FullName;

    private string Disk => Path.Combine(_directory, "disk.qcow2");

    [Theory]
    [InlineData("compat=0.10,cluster_size=65536", 1)]
    [InlineData("compat=1.1,cluster_size=512", 2)]
    [InlineData("compat=1.1,cluster_size=4096,refcount_bits=4", 3)]
    [InlineData("compat=1.1,cluster_size=65536", 4)]
    [InlineData("compat=1.1,cluster_size=2097152,refcount_bits=64", 5)]
    public void Random_work_between_snapshots_changes_none_of_them(string options, int seed)
    {
        const int most = 5;
        var random = new Random(seed);
        var content = new byte[2 << 20];
        var kept = new Dictionary<string, byte[]>();
        QemuTools.Img("create", "-q", "-f", "qcow2", "-o", options, Disk, "2M");

        for (var round = 0; round < 30; round++)
        {
            Work(content, random);
            var name = $"s{round}";
            switch (random.Next(4))
            {
                case 0 when kept.Count > 0:
                    name = kept.Keys.ElementAt(random.Next(kept.Count));
                    ImageMaintenance.ApplySnapshot(Disk, name);
                    kept[name].CopyTo(content, 0);
                    break;
                case 1 when kept.Count > 0:
                    name = kept.Keys.ElementAt(random.Next(kept.Count));
                    ImageMaintenance.DeleteSnapshot(Disk, name);
                    kept.Remove(name);
                    break;
                default:
                    if (kept.Count == most)
                        break;
                    ImageMaintenance.CreateSnapshot(Disk, name, DateTimeOffset.UnixEpoch);
                    kept.Add(name, (byte[])content.Clone());
                    break;
            }
            QemuTools.Check(Disk);
        }

        QemuTools.AssertContent(Disk, content);
        foreach (var (name, bytes) in kept)
        {
            var raw = Path.Combine(_directory, name);
            QemuTools.Img("convert", "-l", $"snapshot.name={name}", "-O", "raw", Disk, raw);
            Assert.Equal(bytes, File.ReadAllBytes(raw));
        }
    }

    [Fact]
    public void Snapshots_that_qemu_made_can_be_written_over_applied_and_deleted()
    {
        QemuTools.Img("create", "-q", "-f", "qcow2", Disk, "4M");
        QemuTools.Io(Disk, "write -P 1 0 1M");
        QemuTools.Img("snapshot", "-c", "first", Disk);
        using (var image = DiskImages.Open(new DiskOptions(Disk)))
        {
            image.Write(512, new DiskBuffers(new byte[1024]));
        }
        QemuTools.Check(Disk);

        ImageMaintenance.ApplySnapshot(Disk, "first");
        var expected = new byte[4 << 20];
        expected.AsSpan(0, 1 << 20).Fill(1);
        QemuTools.AssertContent(Disk, expected);
        ImageMaintenance.DeleteSnapshot(Disk, "1");

        QemuTools.Check(Disk);
        QemuTools.AssertContent(Disk, expected);
        Assert.Empty(ImageInspection.Describe(Disk).Snapshots);
    }

    [Fact]
    public void Qemu_lists_applies_and_deletes_snapshots_made_here()
    {
        ImageCreation.Create(new ImageSpec(Disk, DiskFormat.Qcow2) { Size = 1 << 20 });
        QemuTools.Io(Disk, "write -P 7 0 64k");
        ImageMaintenance.CreateSnapshot(Disk, "before", new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero));
        QemuTools.Io(Disk, "write -P 8 0 64k");

        var list = QemuTools.Img("snapshot", "-l", Disk);
        QemuTools.Img("snapshot", "-a", "before", Disk);
        QemuTools.Io(Disk, "read -P 7 0 64k");
        QemuTools.Img("snapshot", "-d", "before", Disk);

        Assert.Contains("before", list, StringComparison.Ordinal);
        QemuTools.Check(Disk);
    }

    [Fact]
    public void Counts_of_one_bit_refuse_a_snapshot_and_the_image_stays_right()
    {
        QemuTools.Img("create", "-q", "-f", "qcow2", "-o", "refcount_bits=1", Disk, "4M");
        QemuTools.Io(Disk, "write -P 1 0 1M");

        var error = Assert.Throws<DiskImageException>(() => ImageMaintenance.CreateSnapshot(Disk, "no", DateTimeOffset.UnixEpoch));

        Assert.Contains("1 bits", error.Message, StringComparison.Ordinal);
        QemuTools.Check(Disk);
        QemuTools.Io(Disk, "read -P 1 0 1M");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Work(byte[] content, Random random)
    {
        using var image = DiskImages.Open(new DiskOptions(Disk, Cache: DiskCache.Unsafe));
        var disk = new ModelledDisk(image, content, random);
        disk.AssertAll();
        for (var i = 0; i < 12; i++)
            disk.Step();
        disk.AssertAll();
    }
}
