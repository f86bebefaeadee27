using System.Runtime.InteropServices;

namespace Ringmaster.Host.Tests;

public sealed unsafe class WideExchangeTests
{
    [Fact]
    public void It_stores_only_where_it_finds_what_it_expects()
    {
        var place = (UInt128*)NativeMemory.AlignedAlloc(16, 16);
        *place = new UInt128(0x1122334455667788, 0x99AABBCCDDEEFF00);
        UInt128 wrong = 5, right = *place;

        Assert.True(WideExchange.IsSupported);
        Assert.False(WideExchange.TryReplace(place, ref wrong, 7));
        Assert.Equal(right, wrong);
        Assert.True(WideExchange.TryReplace(place, ref right, new UInt128(1, 2)));

        Assert.Equal(new UInt128(1, 2), *place);
        NativeMemory.AlignedFree(place);
    }

    [Fact]
    public void Threads_that_count_lose_nothing()
    {
        const int threads = 4, rounds = 50_000;
        var place = (UInt128*)NativeMemory.AlignedAlloc(16, 16);
        *place = 0;

        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            for (var i = 0; i < rounds; i++)
            {
                UInt128 seen = 0;
                // Both halves count, so that a torn exchange shows.
                while (!WideExchange.TryReplace(place, ref seen, new UInt128((ulong)(seen >> 64) + 1, (ulong)seen + 1)))
                {
                }
            }
        });

        Assert.Equal(new UInt128(threads * rounds, threads * rounds), *place);
        NativeMemory.AlignedFree(place);
    }
}
