using System.Buffers.Binary;
using System.Diagnostics;
using Ringmaster.Backends.Disks;

namespace Ringmaster.Backends.Tests.Disks;

public sealed class HostileImageTests : IDisposable
{
    private const int Size = 1 << 20;

    private readonly string _directory = Directory.CreateTempSubdirectory("hostile").FullName;

    private string Disk => Path.Combine(_directory, "disk.qcow2");

    /// <summary>Header fields by offset, with values that make no sense.</summary>
    [Theory]
    [InlineData(4, 4, 9u, "version 9")]
    [InlineData(20, 4, 63u, "clusters")]
    [InlineData(20, 4, 8u, "clusters")]
    [InlineData(24, 8, ulong.MaxValue, "size")]
    [InlineData(24, 8, 1UL << 60, "too short")]
    [InlineData(32, 4, 1u, "encrypted")]
    [InlineData(36, 4, uint.MaxValue, "L1 table")]
    [InlineData(36, 4, 0u, "too short")]
    [InlineData(40, 8, 0x123UL, "L1 table")]
    [InlineData(40, 8, 1UL << 55, "behind the end")]
    [InlineData(48, 8, 7UL, "refcount table")]
    [InlineData(56, 4, uint.MaxValue, "refcount table")]
    [InlineData(56, 4, 0u, "no refcount table")]
    [InlineData(60, 4, uint.MaxValue, "snapshots")]
    [InlineData(72, 8, 1UL << 2, "external data file")]
    [InlineData(72, 8, 1UL << 4, "extended L2")]
    [InlineData(72, 8, 1UL << 40, "unknown feature 40")]
    [InlineData(72, 8, 1UL << 1, "damaged")]
    [InlineData(96, 4, 7u, "reference counts")]
    [InlineData(100, 4, 7u, "header")]
    [InlineData(104, 1, 9u, "compression")]
    public void A_header_that_makes_no_sense_is_refused(int at, int length, ulong value, string expected)
    {
        Make();
        var bytes = File.ReadAllBytes(Disk);
        for (var i = 0; i < length; i++)
            bytes[at + i] = (byte)(value >> 8 * (length - 1 - i));
        File.WriteAllBytes(Disk, bytes);

        var error = Assert.Throws<DiskImageException>(() => DiskImages.Open(new DiskOptions(Disk, DiskFormat.Qcow2)).Dispose());

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vhdxfile", "VHDX")]
    [InlineData("KDMV", "VMDK")]
    [InlineData("conectix", "VHD")]
    public void Other_formats_are_refused_by_name_and_with_a_remedy(string start, string name)
    {
        File.WriteAllBytes(Disk, [.. System.Text.Encoding.ASCII.GetBytes(start), .. new byte[4096]]);

        var error = Assert.Throws<DiskImageException>(() => DiskImages.Open(new DiskOptions(Disk)));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains("qemu-img convert -O qcow2", error.Message, StringComparison.Ordinal);
        DiskImages.Open(new DiskOptions(Disk, DiskFormat.Raw)).Dispose();
    }

    [Fact]
    public void Images_that_are_based_on_each_other_are_refused()
    {
        var other = Path.Combine(_directory, "other.qcow2");
        QemuTools.Img("create", "-q", "-f", "qcow2", other, "1M");
        QemuTools.Img("create", "-q", "-f", "qcow2", "-b", other, "-F", "qcow2", Disk);
        QemuTools.Img("rebase", "-u", "-f", "qcow2", "-b", Disk, "-F", "qcow2", other);

        var error = Assert.Throws<DiskImageException>(() => DiskImages.Open(new DiskOptions(Disk)));

        Assert.Contains("in turn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raw_base_whose_guest_made_it_look_like_qcow2_does_not_lead_to_other_files()
    {
        var (secret, below) = (Path.Combine(_directory, "secret"), Path.Combine(_directory, "base"));
        File.WriteAllBytes(secret, new byte[Size]);
        QemuTools.Img("create", "-q", "-f", "qcow2", "-b", secret, "-F", "raw", below);
        QemuTools.Img("create", "-q", "-f", "qcow2", "-u", "-b", below, "-F", "raw", Disk, "1M");
        var bytes = File.ReadAllBytes(Disk);
        // Without the extension that says "raw".
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan((int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(100))), 0x1234);
        File.WriteAllBytes(Disk, bytes);

        var error = Assert.Throws<DiskImageException>(() => DiskImages.Open(new DiskOptions(Disk)));

        Assert.Contains("does not say of which format", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_leads_into_another_one_makes_writes_fail_and_marks_the_image()
    {
        Make();
        var refcountTable = BinaryPrimitives.ReadUInt64BigEndian(File.ReadAllBytes(Disk).AsSpan(48));
        Patch(FirstL2(), (1UL << 63) | refcountTable);

        using (var image = DiskImages.Open(new DiskOptions(Disk)))
            Assert.Throws<DiskImageException>(() => image.Write(0, new DiskBuffers(new byte[512])));

        Assert.True(ImageInspection.Describe(Disk).IsCorrupt);
        Assert.Throws<DiskImageException>(() => DiskImages.Open(new DiskOptions(Disk)));
    }

    [Fact]
    public void Fuzzed_images_never_do_worse_than_fail()
    {
        var rounds = Environment.GetEnvironmentVariable("RINGMASTER_LONG_TESTS") == "1" ? 5000 : 250;
        Make();
        var original = File.ReadAllBytes(Disk);
        for (var seed = 0; seed < rounds; seed++)
        {
            var random = new Random(seed);
            var bytes = (byte[])original.Clone();
            Mutate(bytes, random);
            File.WriteAllBytes(Disk, bytes);
            var clock = Stopwatch.StartNew();

            Use(random);

            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"Seed {seed} took {clock.Elapsed}.");
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static void Mutate(byte[] bytes, Random random)
    {
        ulong[] values = [0, 1, ulong.MaxValue, 1UL << 63, 1UL << 62, 0x10000, 0x30000, 0x8000_0000_0001_0000, 0x8000_0000_0005_0000, 1UL << 55];
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            // The header, or the start of one of the first clusters, where the tables are.
            var at = random.Next(3) == 0 ? random.Next(0, 112) : random.Next(0, bytes.Length / 4096) * 4096 + random.Next(0, 32) * 8;
            if (at + 8 > bytes.Length)
                continue;
            if (random.Next(2) == 0)
                random.NextBytes(bytes.AsSpan(at, random.Next(1, 8)));
            else
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), values[random.Next(values.Length)]);
        }
    }

    private void Use(Random random)
    {
        Try(() => ImageInspection.Describe(Disk, DiskFormat.Qcow2));
        Try(() => ImageMaintenance.Check(Disk, repairs: false, default));
        Try(() =>
        {
            using var image = DiskImages.Open(new DiskOptions(Disk, DiskFormat.Qcow2, Cache: DiskCache.Unsafe));
            var length = (int)Math.Min(image.Length, Size) / 512;
            for (var i = 0; i < 20 && length > 0; i++)
            {
                var offset = random.Next(length) * 512L;
                var count = (int)Math.Min(image.Length - offset, 512 * random.Next(1, 300));
                Try(() => image.Read(offset, new DiskBuffers(new byte[count])));
                Try(() => image.Write(offset, new DiskBuffers(new byte[count])));
                Try(() => image.Discard(offset, count));
                Try(() => image.WriteZeroes(offset, count, mayUnmap: false));
            }
        });
        Try(() => ImageMaintenance.CreateSnapshot(Disk, "new", DateTimeOffset.UnixEpoch));
        Try(() => ImageMaintenance.ApplySnapshot(Disk, "s"));
        Try(() => ImageMaintenance.DeleteSnapshot(Disk, "s"));
        Try(() => ImageMaintenance.Check(Disk, repairs: true, default));
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (IOException)
        {
            // What is wrong with an image is said this way and no other.
        }
    }

    /// <summary>An image with everything in it: data, zeros, compressed clusters and a snapshot.</summary>
    private void Make()
    {
        var raw = Path.Combine(_directory, "raw");
        File.WriteAllBytes(raw, [.. Enumerable.Repeat((byte)1, Size / 2), .. new byte[Size / 2]]);
        QemuTools.Img("convert", "-c", "-f", "raw", "-O", "qcow2", raw, Disk);
        QemuTools.Img("snapshot", "-c", "s", Disk);
        QemuTools.Io(Disk, "write -P 2 0 128k", "write -z 256k 64k");
    }

    private int FirstL2()
    {
        var bytes = File.ReadAllBytes(Disk);
        var l1 = (int)BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(40));
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(l1)) & 0x00FF_FFFF_FFFF_FE00);
    }

    private void Patch(int at, ulong value)
    {
        var bytes = File.ReadAllBytes(Disk);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), value);
        File.WriteAllBytes(Disk, bytes);
    }
}
