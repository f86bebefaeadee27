namespace Ringmaster.Memory.Tests;

public sealed class CodeWatchTests : IDisposable
{
    private readonly GuestMemory _memory = GuestMemory.Create([new(new(0), 0x4000), new(new(0x8000), 0x1000)]);
    private readonly List<ulong> _told = [];

    public CodeWatchTests() => _memory.Watch.CodePageWritten += _told.Add;

    [Fact]
    public void A_mark_counts_for_its_page_until_it_is_taken_back()
    {
        _memory.Watch.Mark(2, hasCode: true);

        Assert.Equal([false, true, false], Enumerable.Range(1, 3).Select(page => _memory.Watch.HasCode((ulong)page)));
        _memory.Watch.Mark(2, hasCode: false);
        Assert.False(_memory.Watch.HasCode(2));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(1UL << 32)]
    [InlineData(1UL << 52)]
    [InlineData(ulong.MaxValue)]
    public void Pages_beyond_ram_never_hold_code(ulong page)
    {
        _memory.Watch.Mark(page, hasCode: true);

        Assert.False(_memory.Watch.HasCode(page));
    }

    [Fact]
    public unsafe void The_flags_are_one_byte_a_page()
    {
        _memory.Watch.Mark(3, hasCode: true);
        _memory.Watch.Mark(8, hasCode: true);

        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0, 1], new ReadOnlySpan<byte>(_memory.Watch.Flags, (int)_memory.PageCount).ToArray());
    }

    /// <summary>Pages 1, 2 and 8 hold code.</summary>
    [Theory]
    [InlineData(0x0000, 0x1000, new ulong[] { })]
    [InlineData(0x0FFF, 2, new ulong[] { 1 })]
    [InlineData(0x1000, 1, new ulong[] { 1 })]
    [InlineData(0x1FFF, 2, new ulong[] { 1, 2 })]
    [InlineData(0x2FFF, 1, new ulong[] { 2 })]
    [InlineData(0x3000, 0x1000, new ulong[] { })]
    [InlineData(0x0000, 0x4000, new ulong[] { 1, 2 })]
    [InlineData(0x8FFF, 1, new ulong[] { 8 })]
    [InlineData(0x1800, 0, new ulong[] { })]
    public void Writing_to_ram_tells_of_the_code_pages_that_it_touches(ulong address, int length, ulong[] expected)
    {
        MarkCode();

        _memory.TryWrite(new(address), new byte[length]);

        Assert.Equal(expected, _told);
    }

    [Fact]
    public void Writes_of_values_and_through_windows_are_told_too()
    {
        MarkCode();

        _memory.TryWrite(new(0x1FFE), 0x1234_5678u);
        _memory.Window(new(0x8000), 16).Fill(1);
        _memory.Watch.DeviceWrote(new(0x8000), 16);

        Assert.Equal([1UL, 2, 8], _told);
    }

    [Fact]
    public void Writes_that_miss_and_reads_tell_nothing()
    {
        MarkCode();

        _memory.TryWrite(new(0x8FFE), 0x1234_5678u);
        _memory.TryWrite(new(ulong.MaxValue), (byte)1);
        _memory.TryRead(new(0x1000), out ulong _);

        Assert.Empty(_told);
    }

    public void Dispose() => _memory.Dispose();

    private void MarkCode()
    {
        foreach (var page in (ulong[])[1, 2, 8])
            _memory.Watch.Mark(page, hasCode: true);
    }
}
