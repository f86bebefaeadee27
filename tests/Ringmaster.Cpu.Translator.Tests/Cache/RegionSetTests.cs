using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Tests.Cache;

public sealed class RegionSetTests
{
    private readonly RegionSet _byKey = new(isAnywhere: false), _anywhere = new(isAnywhere: true);

    [Fact]
    public void Regions_are_found_by_all_of_their_key()
    {
        var region = Make(new RegionKey(0x1000, 0x4000_1000, 2));
        _byKey.Put(region);

        Assert.True(_byKey.TryFind(region.Key, out var found));
        Assert.Same(region, found);
        Assert.False(_byKey.TryFind(region.Key with { Linear = 0x5000_1000 }, out _));
        Assert.False(_byKey.TryFind(region.Key with { Context = 1 }, out _));
        Assert.False(_byKey.TryFind(region.Key with { IsUngrouped = true }, out _));
        Assert.False(_byKey.TryFind(region.Key with { Physical = 0x2000 }, out _));
    }

    [Fact]
    public void Regions_are_found_wherever_they_are_mapped()
    {
        var region = Make(new RegionKey(0x1000, 0x4000_1000, 2));
        _anywhere.Put(region);

        Assert.True(_anywhere.TryFind(region.Key with { Linear = 0x5000_1000 }, out var found));
        Assert.Same(region, found);
        Assert.False(_anywhere.TryFind(region.Key with { Physical = 0x2000 }, out _));
    }

    [Fact]
    public void The_last_one_with_a_key_counts()
    {
        var (first, second) = (Make(new RegionKey(0x1000, 0x4000_1000, 2)), Make(new RegionKey(0x1000, 0x6000_1000, 2)));
        _anywhere.Put(first);
        _anywhere.Put(second);
        _anywhere.Remove(first);

        Assert.Equal(1, _anywhere.Count);
        Assert.True(_anywhere.TryFind(first.Key, out var found));
        Assert.Same(second, found);
        _anywhere.Remove(second);
        Assert.False(_anywhere.TryFind(first.Key, out _));
    }

    private static Region Make(RegionKey key) => new()
    {
        Key = key,
        Code = new RegionCode { Is64Bit = true, Length = 1, Entry = 0, CheckedEntry = 0, StaleExit = 0 },
        Host = 0,
        Check = 0,
        FirstExit = 0,
    };
}
