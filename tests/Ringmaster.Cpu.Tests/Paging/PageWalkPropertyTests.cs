using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Cpu.Paging;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Tests.Paging;

public sealed class PageWalkPropertyTests
{
    // Three ranges with holes between: a walk that strayed into a hole would end the test process.
    private static readonly RamRange[] Ranges = [new(new(0), 0x8000), new(new(0x10000), 0x8000), new(new(0x40000), 0x1000)];

    [Theory]
    [InlineData(PagingMode.None)]
    [InlineData(PagingMode.TwoLevel)]
    [InlineData(PagingMode.Pae)]
    [InlineData(PagingMode.FourLevel)]
    [InlineData(PagingMode.FiveLevel)]
    public void Random_tables_never_throw_and_only_accessed_and_dirty_bits_change(PagingMode mode)
    {
        using var memory = GuestMemory.Create(Ranges);
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => Check(memory, mode, seed)).Check(
            Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Fact]
    public void Walks_on_several_threads_lose_no_accessed_or_dirty_bit()
    {
        using var tables = new GuestPageTables();
        for (var round = 0; round < 200; round++)
        {
            tables.Map(PagingMode.FourLevel, 0, 0x8000, 4, _ => 7);
            var context = tables.Context(PagingMode.FourLevel);
            var faults = 0;

            Parallel.For(0, 4, i =>
            {
                var access = new PageAccess(i % 2 == 0 ? PageAccessKind.Read : PageAccessKind.Write, true);
                if (PageWalk.Translate(tables.Memory, context, new(0), access).IsFault)
                    Interlocked.Increment(ref faults);
            });

            Assert.Equal(0, faults);
            Assert.Equal([0x2027UL, 0x3027UL, 0x4027UL, 0x8067UL], Enumerable.Range(0, 4).Select(l => tables.Read(PagingMode.FourLevel, 0, l)));
        }
    }

    [Fact]
    public void A_walk_allocates_nothing()
    {
        using var tables = new GuestPageTables();
        tables.Map(PagingMode.FourLevel, 0, 0x8000, 4, _ => 7);
        var context = tables.Context(PagingMode.FourLevel);
        PageWalk.Translate(tables.Memory, context, new(0), PageAccess.UserRead);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
            PageWalk.Translate(tables.Memory, context, new(0), PageAccess.UserRead);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static bool Check(GuestMemory memory, PagingMode mode, int seed)
    {
        var random = new System.Random(seed);
        foreach (var range in Ranges)
        {
            var words = MemoryMarshal.Cast<byte, ulong>(memory.Window(range.Start, (int)range.Length));
            for (var i = 0; i < words.Length; i++)
                words[i] = RandomEntry(random);
        }
        var before = Snapshot(memory);
        for (var walk = 0; walk < 20; walk++)
        {
            var cr4 = (mode is PagingMode.TwoLevel ? 0x10UL : 0x20) | (mode == PagingMode.FiveLevel ? 0x1000UL : 0)
                | (ulong)random.NextInt64() & 0x70_0000;
            var context = new PagingContext(new(40, random.Next(2) == 0, random.Next(2) == 0),
                (mode == PagingMode.None ? 0 : 1UL << 31) | (ulong)random.Next(2) << 16, (ulong)random.Next(0x50000), cr4,
                (mode >= PagingMode.FourLevel ? 0x400u : 0) | (ulong)random.Next(2) << 11, (ulong)random.Next(2) << 18, (uint)random.Next(),
                RandomEntry(random), RandomEntry(random), RandomEntry(random), RandomEntry(random));
            var access = new PageAccess((PageAccessKind)random.Next(3), random.Next(2) == 0);
            var address = new LinearAddress((ulong)random.NextInt64());
            var record = default(PageWalkRecord);

            var result = PageWalk.Translate(memory, context, address, access, ref record);
            var again = PageWalk.Probe(memory, context, address, access, ref record);

            if (result.IsFault != again.IsFault || result.Error != again.Error || result.Address != again.Address)
                return false;
            if (result.PageShift is not (0 or 12 or 21 or 22 or 30) || record.ToString().Length == 0)
                return false;
        }
        // Entries are 4 or 8 bytes, so accessed and dirty may change in either half of a word.
        return Snapshot(memory).Zip(before).All(p => (p.Second & ~p.First) == 0 && ((p.First ^ p.Second) & ~0x60_0000_0060UL) == 0);
    }

    // Mostly present entries that point into or near RAM, so that walks get deep.
    private static ulong RandomEntry(System.Random random)
    {
        var entry = (ulong)random.Next(0x50) << 12 | (uint)random.Next(0x1000) | (random.Next(8) == 0 ? 0u : 1u);
        if (random.Next(16) == 0)
            entry ^= 1UL << random.Next(64);
        return random.Next(2) == 0 ? entry | entry << 32 & 0x0000_FFFF_0000_0000 : entry & ~0x80UL;
    }

    private static ulong[] Snapshot(GuestMemory memory) =>
        [.. Ranges.SelectMany(r => MemoryMarshal.Cast<byte, ulong>(memory.Window(r.Start, (int)r.Length)).ToArray())];
}
