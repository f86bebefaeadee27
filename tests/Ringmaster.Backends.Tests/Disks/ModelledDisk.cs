using Ringmaster.Backends.Disks;

namespace Ringmaster.Backends.Tests.Disks;

/// <summary>An image beside an array that has to have the same content, under random work.</summary>
/// <param name="image">The image.</param>
/// <param name="content">What it reads as.</param>
/// <param name="random">Chooses the work.</param>
internal sealed class ModelledDisk(IDiskImage image, byte[] content, Random random)
{
    internal byte[] Content => content;

    /// <summary>Does something somewhere. Discarded ranges are written again, as their content is open.</summary>
    internal void Step()
    {
        var (offset, length) = Range();
        switch (random.Next(10))
        {
            case < 5:
                Write(offset, length);
                break;
            case 5:
                image.WriteZeroes(offset, length, mayUnmap: random.Next(2) == 0);
                content.AsSpan(offset, length).Clear();
                break;
            case 6:
                image.Discard(offset, length);
                image.Read(offset, new DiskBuffers(content.AsMemory(offset, length)));
                break;
            case 7 when random.Next(4) == 0:
                image.Flush();
                break;
            default:
                AssertRead(offset, length);
                break;
        }
    }

    internal void AssertAll() => AssertRead(0, content.Length);

    private void Write(int offset, int length)
    {
        random.NextBytes(content.AsSpan(offset, length));
        image.Write(offset, Pieces(content.AsSpan(offset, length).ToArray()));
    }

    private void AssertRead(int offset, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        image.Read(offset, Pieces(bytes));
        var same = bytes.AsSpan().CommonPrefixLength(content.AsSpan(offset, length));
        Assert.True(same == length, $"Byte {offset + same:x} differs, in a read of {length:x} bytes from {offset:x}.");
    }

    private (int Offset, int Length) Range()
    {
        const int sector = 512;
        var sectors = content.Length / sector;
        var start = random.Next(sectors);
        // Most requests are small, some are most of the disk.
        var longest = random.Next(8) == 0 ? sectors - start : Math.Min(sectors - start, 1 << random.Next(9));
        return (start * sector, random.Next(1, longest + 1) * sector);
    }

    private DiskBuffers Pieces(byte[] bytes)
    {
        var pieces = new List<Memory<byte>>();
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(bytes.Length - at, random.Next(0, 40_000));
            pieces.Add(bytes.AsMemory(at, count));
            at += count;
        }
        return new DiskBuffers(pieces);
    }
}
