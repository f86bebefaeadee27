using Ringmaster.Backends.Disks;

namespace Ringmaster.Backends.Tests.Disks;

/// <summary>The process that is killed: it stamps sectors with the number of the round, for ever, and says which rounds were flushed.</summary>
internal static class CrashingWriter
{
    internal const int Size = 8 << 20, Stamp = 512;

    private const int WritesPerRound = 60;

    internal static void Main(string[] arguments)
    {
        using var image = DiskImages.Open(new DiskOptions(arguments[0], DiskFormat.Qcow2));
        var seed = int.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture);
        for (var round = 1; ; round++)
        {
            foreach (var (first, count) in Round(seed, round))
            {
                var bytes = new byte[count * Stamp];
                for (var i = 0; i < count; i++)
                    BitConverter.TryWriteBytes(bytes.AsSpan(i * Stamp), round);
                image.Write((long)first * Stamp, new DiskBuffers(bytes));
            }
            image.Flush();
            Console.WriteLine(round);
        }
    }

    /// <summary>What a round stamps.</summary>
    internal static IEnumerable<(int First, int Count)> Round(int seed, int round)
    {
        var random = new Random(seed * 1000 + round);
        for (var i = 0; i < WritesPerRound; i++)
        {
            var first = random.Next(Size / Stamp);
            yield return (first, random.Next(1, Math.Min(64, Size / Stamp - first) + 1));
        }
    }
}
