using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Tests.Execution;

public sealed unsafe class JumpCacheTests : IDisposable
{
    private const ulong Empty = 0x1234_0000, Linear = 0xFFFF_FFFF_8100_0123;

    private readonly AreaMemory _memory = new();
    private readonly PageCheckTable _checks;
    private readonly JumpCache _cache;

    public JumpCacheTests()
    {
        _checks = new PageCheckTable(_memory.Address);
        _cache = new JumpCache(_memory.Address, _checks, Empty);
    }

    [Fact]
    public void A_region_is_found_where_it_was_added_and_nowhere_else()
    {
        var region = MakeRegion(0x5000);

        _cache.Add(2, Linear, region, isGlobal: false);

        Assert.Same(region, _cache.Find(2, Linear));
        Assert.Null(_cache.Find(1, Linear));
        Assert.Null(_cache.Find(2, Linear + 1));
        Assert.Null(_cache.Find(2, Linear + Area.JumpEntries));
        Assert.Equal((0x5000UL, true), AsGeneratedCode(2, Linear));
        Assert.False(AsGeneratedCode(2, Linear + Area.JumpEntries).Hits);
    }

    [Fact]
    public void An_entry_is_replaced_by_another_with_its_index()
    {
        var (first, second) = (MakeRegion(0x5000), MakeRegion(0x6000));

        _cache.Add(0, Linear, first, isGlobal: false);
        _cache.Add(0, Linear + Area.JumpEntries, second, isGlobal: false);

        Assert.Null(_cache.Find(0, Linear));
        Assert.Same(second, _cache.Find(0, Linear + Area.JumpEntries));
    }

    [Fact]
    public void A_region_that_is_no_longer_valid_is_not_found()
    {
        var region = MakeRegion(0x5000);
        _cache.Add(0, Linear, region, isGlobal: false);

        region.IsValid = false;

        Assert.Null(_cache.Find(0, Linear));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void A_flush_forgets_what_it_says(bool keepGlobal, bool isThere)
    {
        _cache.Add(0, Linear, MakeRegion(0x5000), isGlobal: true);
        _cache.Add(0, Linear + 1, MakeRegion(0x6000), isGlobal: false);

        _cache.Flush(keepGlobal);

        Assert.Equal(isThere, _cache.Find(0, Linear) is not null);
        Assert.Equal(isThere, AsGeneratedCode(0, Linear).Hits);
        Assert.Null(_cache.Find(0, Linear + 1));
        Assert.Equal((Empty, false), AsGeneratedCode(0, Linear + 1));
    }

    /// <summary>Code behind the entry looks at the check itself.</summary>
    [Fact]
    public void A_region_with_a_page_check_stays_and_is_found_while_its_page_is_known()
    {
        _cache.Add(0, Linear, MakeRegion(0x5000, check: 7), isGlobal: false);
        Assert.NotNull(_cache.Find(0, Linear));

        _checks.Flush(keepGlobal: true);
        _cache.Flush(keepGlobal: false);

        Assert.Null(_cache.Find(0, Linear));
        Assert.Equal((0x4FF8UL, true), AsGeneratedCode(0, Linear));
        _checks.Confirm(7, isGlobal: false);
        Assert.NotNull(_cache.Find(0, Linear));
        _cache.Clear();
        Assert.Null(_cache.Find(0, Linear));
        Assert.Equal((Empty, false), AsGeneratedCode(0, Linear));
    }

    [Fact]
    public void Entries_without_end_are_still_forgotten()
    {
        for (var i = 0UL; i < 3UL * Area.JumpEntries * Area.Contexts; i++)
            _cache.Add(0, i, MakeRegion(i), isGlobal: false);

        _cache.Flush(keepGlobal: true);

        for (var i = 0UL; i < 3UL * Area.JumpEntries * Area.Contexts; i++)
            Assert.Null(_cache.Find(0, i));
    }

    /// <summary>No target but one finds an empty entry; that one leads out.</summary>
    [Fact]
    public void Empty_entries_lead_out()
    {
        for (var i = 0UL; i < 2 * Area.JumpEntries; i++)
            Assert.Equal((Empty, false), AsGeneratedCode(3, i));
        Assert.Equal((Empty, true), AsGeneratedCode(3, ulong.MaxValue));
    }

    /// <summary>What generated code does with a target.</summary>
    private (ulong Host, bool Hits) AsGeneratedCode(int context, ulong linear)
    {
        var index = linear & (Area.JumpEntries - 1);
        var tag = ((ulong*)(_memory.Address + Area.JumpTags(context)))[index];
        return (((ulong*)(_memory.Address + Area.JumpHosts(context)))[index], linear + tag == 0);
    }

    private static Region MakeRegion(ulong entry, int check = 0) => new()
    {
        Key = new RegionKey(0, 0, 0),
        Code = new RegionCode { Is64Bit = true, Length = 1, Entry = 0, CheckedEntry = check == 0 ? 0 : -8, StaleExit = 0 },
        Host = entry,
        Check = check,
        FirstExit = 0,
    };

    public void Dispose() => GC.KeepAlive(_memory);
}
