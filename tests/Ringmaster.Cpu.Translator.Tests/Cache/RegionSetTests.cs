using FsCheck;
using FsCheck.Fluent;
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

        Assert.Same(region, _byKey.Find(region.Key));
        Assert.Null(_byKey.Find(region.Key with { Linear = 0x5000_1000 }));
        Assert.Null(_byKey.Find(region.Key with { Context = 1 }));
        Assert.Null(_byKey.Find(region.Key with { IsUngrouped = true }));
        Assert.Null(_byKey.Find(region.Key with { Physical = 0x2000 }));
    }

    [Fact]
    public void Regions_are_found_wherever_they_are_mapped()
    {
        var region = Make(new RegionKey(0x1000, 0x4000_1000, 2));
        _anywhere.Put(region);

        Assert.Same(region, _anywhere.Find(region.Key with { Linear = 0x5000_1000 }));
        Assert.Null(_anywhere.Find(region.Key with { Physical = 0x2000 }));
    }

    [Fact]
    public void The_last_one_with_a_key_counts()
    {
        var (first, second) = (Make(new RegionKey(0x1000, 0x4000_1000, 2)), Make(new RegionKey(0x1000, 0x6000_1000, 2)));
        _anywhere.Put(first);
        _anywhere.Put(second);
        _anywhere.Remove(first);

        Assert.Equal(1, _anywhere.Count);
        Assert.Same(second, _anywhere.Find(first.Key));
        _anywhere.Remove(second);
        Assert.Null(_anywhere.Find(first.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_does_what_a_dictionary_does(bool isAnywhere) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var keys = random.Next(1, 200);
        var (set, expected) = (new RegionSet(isAnywhere), new Dictionary<RegionKey, Region>());
        for (var i = 0; i < 20_000; i++)
        {
            var region = Make(new RegionKey((ulong)random.Next(keys) << 4, (ulong)random.Next(30) << 12, random.Next(3), random.Next(8) == 0));
            var key = isAnywhere ? region.Key.Anywhere : region.Key;
            switch (random.Next(10))
            {
                case < 6:
                    set.Put(region);
                    expected[key] = region;
                    break;
                case < 9 when expected.TryGetValue(key, out var known):
                    set.Remove(known);
                    expected.Remove(key);
                    break;
                case 9:
                    // It is not there, but another with its key may be.
                    set.Remove(region);
                    break;
            }
            Assert.Same(expected.GetValueOrDefault(key), set.Find(region.Key));
            Assert.Equal(expected.Count, set.Count);
        }
        foreach (var (key, region) in expected)
        {
            Assert.Same(region, set.Find(key));
        }
        set.Clear();
        Assert.All(expected.Keys, key => Assert.Null(set.Find(key)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    private static Region Make(RegionKey key) => new()
    {
        Key = key,
        Code = new RegionCode { Is64Bit = true, Length = 1, Entry = 0, CheckedEntry = 0, StaleExit = 0 },
        Host = 0,
        Check = 0,
        FirstExit = 0,
    };
}
