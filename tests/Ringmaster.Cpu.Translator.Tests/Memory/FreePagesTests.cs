using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Tests.Memory;

public sealed class FreePagesTests
{
    [Fact]
    public void None_hold_a_page_at_first() => Assert.False(default(FreePages).Holds(0));

    [Fact]
    public void They_are_all_around_a_page_as_far_as_the_reach_goes() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var holders = new int[random.Next(1, 100)];
        for (var watched = random.Next(10); watched > 0; watched--)
            holders[random.Next(holders.Length)] = random.Next(1, 3);
        var (page, reach) = (random.Next(holders.Length), random.Next(1, 60));
        holders[page] = 0;

        var free = FreePages.Around((ulong)page, holders, reach);

        for (var other = 0; other < holders.Length; other++)
            Assert.Equal(IsFree(holders, page, other, reach), free.Holds((ulong)other));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static bool IsFree(int[] holders, int page, int other, int reach)
    {
        var (first, last) = (Math.Min(page, other), Math.Max(page, other));
        return (other < page ? page - other <= reach : other - page < reach) && !holders.AsSpan(first..(last + 1)).ContainsAnyExcept(0);
    }
}
