using FsCheck;
using FsCheck.Fluent;

namespace Ringmaster.Memory.Tests;

/// <summary>RAM at 0x1000 to 0x2FFF, touching RAM at 0x3000 to 0x3FFF, and after a hole RAM at 0x8000 to 0x8FFF.</summary>
public sealed class GuestMemoryAccessTests : IDisposable
{
    private readonly GuestMemory _memory = GuestMemory.Create(
        [new(new(0x1000), 0x2000), new(new(0x3000), 0x1000), new(new(0x8000), 0x1000)]);

    [Theory]
    [InlineData(0x1000, 0x2000, true)]
    [InlineData(0x1000, 0x2001, false)]
    [InlineData(0x0FFF, 1, false)]
    [InlineData(0x0FFF, 2, false)]
    [InlineData(0x2FFF, 1, true)]
    [InlineData(0x2FFF, 2, false)]
    [InlineData(0x3FFF, 1, true)]
    [InlineData(0x3FFF, 2, false)]
    [InlineData(0x4000, 1, false)]
    [InlineData(0x7FFF, 2, false)]
    [InlineData(0x8000, 0x1000, true)]
    [InlineData(0x8FFF, 1, true)]
    [InlineData(0x9000, 0, false)]
    [InlineData(0x1000, 0, true)]
    [InlineData(0x1000, ulong.MaxValue, false)]
    [InlineData(0x2FFF, ulong.MaxValue, false)]
    [InlineData(0x2FFF, 0xFFFF_FFFF_FFFF_D001, false)]
    [InlineData(ulong.MaxValue, 1, false)]
    [InlineData(ulong.MaxValue, 2, false)]
    [InlineData(ulong.MaxValue, 0x2000, false)]
    [InlineData(0xFFFF_FFFF_FFFF_F000, 0x3000, false)]
    [InlineData(0x8000_0000_0000_1000, 1, false)]
    [InlineData(0x1_0000_1000, 1, false)]
    public void Only_whole_stretches_inside_one_range_are_contained(ulong address, ulong length, bool expected) =>
        Assert.Equal(expected, _memory.Contains(new(address), length));

    [Fact]
    public void Whatever_is_contained_can_be_read_written_and_seen_and_nothing_else_can()
    {
        // Near the edges of the ranges, near 2^64, and anywhere.
        var near =
            from edge in Gen.Elements<ulong>([0, 0x1000, 0x3000, 0x4000, 0x8000, 0x9000, ulong.MaxValue, 1UL << 32, 1UL << 63])
            from distance in Gen.Choose(-20, 20)
            select unchecked(edge + (ulong)(long)distance);
        var anywhere =
            from high in Gen.Choose(int.MinValue, int.MaxValue)
            from low in Gen.Choose(int.MinValue, int.MaxValue)
            select (ulong)(uint)high << 32 | (uint)low;
        var cases =
            from start in Gen.Frequency<ulong>((3, near), (1, anywhere))
            from length in Gen.Choose(0, 40)
            select (Start: start, Length: length);

        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var (address, length) = (new GuestPhysicalAddress(one.Start), one.Length);
            var bytes = Enumerable.Range(1, length).Select(i => (byte)i).ToArray();
            var read = new byte[length];

            var written = _memory.TryWrite(address, bytes);

            var expected = length == 0
                ? InRam(one.Start)
                : Enumerable.Range(0, length).All(i => InRam(unchecked(one.Start + (ulong)i)) && RangeOf(unchecked(one.Start + (ulong)i)) == RangeOf(one.Start));
            Assert.Equal(expected, written);
            Assert.Equal(expected, _memory.TryRead(address, read));
            Assert.Equal(expected ? bytes : new byte[length], read);
            Assert.Equal(expected ? length : 0, _memory.Window(address, length).Length);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_failed_write_changes_nothing_and_a_failed_read_leaves_the_buffer()
    {
        _memory.TryWrite(new(0x3FF8), 0x1122_3344_5566_7788UL);
        var buffer = new byte[] { 9, 9, 9, 9 };

        Assert.False(_memory.TryWrite(new(0x3FFE), 0xFFFF_FFFFu));
        Assert.False(_memory.TryRead(new(0x3FFE), buffer.AsSpan()));

        _memory.TryRead(new(0x3FF8), out ulong value);
        Assert.Equal(0x1122_3344_5566_7788UL, value);
        Assert.Equal([9, 9, 9, 9], buffer);
    }

    [Fact]
    public void A_value_that_cannot_be_read_is_zero()
    {
        Assert.False(_memory.TryRead(new(0x4000), out ulong value));
        Assert.Equal(0UL, value);
    }

    [Fact]
    public void Values_are_little_endian_at_any_alignment()
    {
        Assert.True(_memory.TryWrite(new(0x1FFD), 0x0403_0201u));

        Assert.Equal([1, 2, 3, 4], _memory.Window(new(0x1FFD), 4).ToArray());
    }

    [Fact]
    public void New_ram_is_zero() =>
        Assert.All(_memory.Ranges, range => Assert.False(_memory.Window(range.Start, (int)range.Length).ContainsAnyExcept((byte)0)));

    [Fact]
    public void A_negative_window_is_empty() => Assert.True(_memory.Window(new(0x1000), -1).IsEmpty);

    [Fact]
    public unsafe void A_byte_lies_at_the_host_base_plus_its_address()
    {
        _memory.TryWrite(new(0x8123), (byte)0xAB);

        Assert.Equal(0xAB, _memory.HostBase[0x8123]);
    }

    public void Dispose() => _memory.Dispose();

    private static bool InRam(ulong address) => address is (>= 0x1000 and < 0x4000) or (>= 0x8000 and < 0x9000);

    private static int RangeOf(ulong address) => address < 0x3000 ? 0 : address < 0x4000 ? 1 : 2;
}
