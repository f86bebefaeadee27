namespace Ringmaster.Memory.Tests;

public sealed unsafe class SharedBytesTests
{
    [Fact]
    public void Every_length_is_copied_and_nothing_beside_it()
    {
        var source = new byte[400];
        Random.Shared.NextBytes(source);
        for (var length = 0; length < 300; length++)
        {
            var (stored, loaded) = (new byte[400], new byte[400]);
            var start = length % 9;
            fixed (byte* from = source, to = stored)
            {
                SharedBytes.Store(to + 3, source.AsSpan(start, length));
                SharedBytes.Load(from + start, loaded.AsSpan(5, length));
            }
            Assert.Equal([0, 0, 0, .. source.AsSpan(start, length), .. new byte[400 - 3 - length]], stored);
            Assert.Equal([0, 0, 0, 0, 0, .. source.AsSpan(start, length), .. new byte[400 - 5 - length]], loaded);
        }
    }

    [Fact]
    public void A_copy_may_go_down_over_itself()
    {
        var bytes = Enumerable.Range(0, 300).Select(i => (byte)i).ToArray();
        fixed (byte* at = bytes)
            SharedBytes.Copy(at + 5, at, 200);
        Assert.Equal(Enumerable.Range(5, 200).Select(i => (byte)i), bytes.Take(200));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void Elements_of_every_size_fill(int count)
    {
        Check((byte)0x12, [0x12]);
        Check((ushort)0x1234, [0x34, 0x12]);
        Check(0x1234_5678U, [0x78, 0x56, 0x34, 0x12]);
        Check(0x1234_5678_9ABC_DEF0UL, [0xF0, 0xDE, 0xBC, 0x9A, 0x78, 0x56, 0x34, 0x12]);

        void Check<T>(T value, byte[] element) where T : unmanaged
        {
            var bytes = new byte[900];
            fixed (byte* at = bytes)
                SharedBytes.Fill(at + 1, value, count);
            Assert.Equal([0, .. Enumerable.Repeat(element, count).SelectMany(e => e), .. new byte[899 - count * element.Length]], bytes);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Aligned_bytes_are_stored_once_and_in_one_piece(int size)
    {
        using var memory = GuestMemory.Create([new(new(0), 0x1000)]);
        var at = memory.HostBase + 0x40;
        var ones = Enumerable.Repeat((byte)0xFF, size).ToArray();
        var (asked, answered, torn) = (0, 0, 0);
        var end = DateTime.UtcNow + TimeSpan.FromSeconds(1);

        // One side stores all ones and waits for zero, which the other stores for ones. A store made twice is answered twice.
        var other = new Thread(Answer);
        other.Start();
        while (DateTime.UtcNow < end)
        {
            asked++;
            memory.TryWrite(new(0x40), ones);
            var wait = new SpinWait();
            while (Read() != 0)
                wait.SpinOnce(sleep1Threshold: -1);
        }
        other.Join();

        Assert.Equal((0, asked), (torn, answered));

        void Answer()
        {
            while (DateTime.UtcNow < end.AddSeconds(0.2))
            {
                var value = Read();
                if (value == ulong.MaxValue >> (64 - 8 * size))
                {
                    answered++;
                    memory.TryWrite(new(0x40), new byte[size]);
                }
                else if (value != 0)
                {
                    torn++;
                }
            }
        }

        ulong Read() => size switch
        {
            2 => Volatile.Read(ref *(ushort*)at),
            4 => Volatile.Read(ref *(uint*)at),
            _ => Volatile.Read(ref *(ulong*)at),
        };
    }
}
