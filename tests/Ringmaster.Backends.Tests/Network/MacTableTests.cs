using Ringmaster.Backends.Network;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Tests.Network;

public sealed class MacTableTests
{
    private static readonly MacAddress s_one = new(0x5200_0000_0001), s_two = new(0x5200_0000_0002), s_source = new(0x0200_0000_00AA);

    private readonly TestTime _time = new();
    private readonly MacTable _table;

    public MacTableTests() => _table = new MacTable(_time);

    [Fact]
    public void An_address_is_where_it_was_seen_last()
    {
        _table.Learn(s_source, s_one);
        _table.Learn(s_source, s_two);

        Assert.True(_table.TryFind(s_source, out var member));
        Assert.Equal(s_two, member);
    }

    [Fact]
    public void Groups_are_not_learned()
    {
        _table.Learn(new(0xFFFF_FFFF_FFFF), s_one);

        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void A_silent_address_is_forgotten()
    {
        _table.Learn(s_source, s_one);

        _time.Advance(MacTable.Lifetime + TimeSpan.FromSeconds(1));

        Assert.False(_table.TryFind(s_source, out _));
    }

    [Fact]
    public void A_member_that_makes_up_addresses_harms_only_itself()
    {
        for (var i = 0; i < 10 * MacTable.MostBehindOne; i++)
            _table.Learn(new(0x0200_0000_0000 + (ulong)i), s_one);
        _table.Learn(new(0x0400_0000_0000), s_two);

        Assert.Equal(MacTable.MostBehindOne + 1, _table.Count);
        Assert.True(_table.TryFind(new(0x0400_0000_0000), out _));
    }

    [Fact]
    public void Addresses_that_fell_silent_make_room()
    {
        for (var i = 0; i < MacTable.MostBehindOne; i++)
            _table.Learn(new(0x0200_0000_0000 + (ulong)i), s_one);
        _time.Advance(MacTable.Lifetime + TimeSpan.FromSeconds(1));

        _table.Learn(new(0x0400_0000_0000), s_one);

        Assert.True(_table.TryFind(new(0x0400_0000_0000), out _));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void What_was_behind_a_member_goes_with_it()
    {
        _table.Learn(s_source, s_one);
        _table.Learn(new(0x0400_0000_0000), s_two);

        _table.Forget(s_one);

        Assert.False(_table.TryFind(s_source, out _));
        Assert.True(_table.TryFind(new(0x0400_0000_0000), out _));
    }

    private sealed class TestTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        internal void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
