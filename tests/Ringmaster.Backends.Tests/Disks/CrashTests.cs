using System.Diagnostics;
using System.Globalization;
using Ringmaster.Backends.Disks;

namespace Ringmaster.Backends.Tests.Disks;

public sealed class CrashTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("crash").FullName;

    [Theory]
    [InlineData("compat=1.1,cluster_size=512", false)]
    [InlineData("compat=0.10,cluster_size=4096", false)]
    [InlineData("compat=1.1,cluster_size=65536", true)]
    [InlineData("compat=1.1,lazy_refcounts=on", false)]
    public void A_writer_that_is_killed_leaves_an_image_without_errors_and_with_all_that_was_flushed(string options, bool hasSnapshot)
    {
        const int kills = 6;
        for (var seed = 0; seed < kills; seed++)
        {
            var path = Path.Combine(_directory, $"{seed}.qcow2");
            QemuTools.Img("create", "-q", "-f", "qcow2", "-o", options, path, CrashingWriter.Size.ToString(CultureInfo.InvariantCulture));
            if (hasSnapshot)
                QemuTools.Img("snapshot", "-c", "s", path);

            var flushed = KillWriter(path, seed);

            QemuTools.Check(path, allowLeaks: true);
            AssertFlushed(path, seed, flushed);
            var check = ImageMaintenance.Check(path, repairs: true, default);
            Assert.Equal(0, check.Corruptions);
            QemuTools.Check(path);
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Lets a process write for a moment and kills it without notice.</summary>
    /// <returns>The last round that it has flushed.</returns>
    private static int KillWriter(string path, int seed)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CrashingWriter).Assembly.Location, path, $"{seed}"]) { RedirectStandardOutput = true };
        using var writer = Process.Start(start)!;
        var last = 0;
        using var patience = new Timer(_ => writer.Kill(), null, TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);
        while (writer.StandardOutput.ReadLine() is { } line)
        {
            last = int.Parse(line, CultureInfo.InvariantCulture);
            if (last != 3 + seed)
                continue;
            // Somewhere in the next round.
            Thread.SpinWait(new Random(seed).Next(2_000_000));
            writer.Kill();
        }
        writer.WaitForExit();
        Assert.True(last >= 3 + seed, $"The writer ended by itself after round {last}.");
        return last;
    }

    private static void AssertFlushed(string path, int seed, int flushed)
    {
        var atLeast = new int[CrashingWriter.Size / CrashingWriter.Stamp];
        for (var round = 1; round <= flushed; round++)
        {
            foreach (var (first, count) in CrashingWriter.Round(seed, round))
                Array.Fill(atLeast, round, first, count);
        }
        var content = new byte[CrashingWriter.Size];
        using var image = DiskImages.Open(new DiskOptions(path, IsReadOnly: true));
        image.Read(0, new DiskBuffers(content));
        for (var i = 0; i < atLeast.Length; i++)
        {
            var found = BitConverter.ToInt32(content, i * CrashingWriter.Stamp);
            Assert.True(found >= atLeast[i], $"Sector {i} is of round {found}, but {atLeast[i]} was flushed.");
        }
    }
}
