namespace Ringmaster.Memory.Tests;

public sealed class CodeWatchTests : IDisposable
{
    private readonly GuestMemory _memory = GuestMemory.Create([new(new(0), 0x4000), new(new(0x8000), 0x1000)]);
    private readonly RecordingWatcher _own = new();
    private readonly RecordingWatcher _other = new();

    public CodeWatchTests() => _memory.Watch.Join(_own);

    [Fact]
    public void A_page_holds_code_until_every_cache_has_released_it()
    {
        _memory.Watch.Acquire(_own, 2);
        _memory.Watch.Acquire(_own, 2);

        Assert.Equal([false, true, false], Enumerable.Range(1, 3).Select(page => _memory.Watch.Watches((ulong)page)));
        _memory.Watch.Release(2);
        Assert.True(_memory.Watch.Watches(2));
        _memory.Watch.Release(2);
        Assert.False(_memory.Watch.Watches(2));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(1UL << 32)]
    [InlineData(1UL << 52)]
    [InlineData(ulong.MaxValue)]
    public void Pages_beyond_ram_never_hold_code(ulong page)
    {
        _memory.Watch.Acquire(_own, page);

        Assert.False(_memory.Watch.Watches(page));
        _memory.Watch.Release(page);
    }

    [Fact]
    public void Code_cached_from_a_memory_that_is_copied_to_is_dropped()
    {
        _memory.Watch.Acquire(_own, 2);
        using var source = _memory.CreateCopy();

        source.CopyTo(_memory);
        _own.CatchUp();

        Assert.Equal([(0x2000UL, 0x1000)], _own.Dropped);
    }

    [Fact]
    public void There_is_one_count_a_page()
    {
        _memory.Watch.Acquire(_own, 3);
        _memory.Watch.Acquire(_own, 8);
        _memory.Watch.Acquire(_own, 8);

        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0, 2], _memory.Watch.Holders.ToArray());
    }

    [Fact]
    public void Who_acquires_a_page_gives_up_storing_to_it_once()
    {
        _memory.Watch.Acquire(_own, 3);
        _memory.Watch.Acquire(_own, 3);

        Assert.Equal([3UL], _own.Protected);
    }

    /// <summary>Pages 1, 2 and 8 hold code.</summary>
    [Theory]
    [InlineData(0x0000, 0x1000, new ulong[] { })]
    [InlineData(0x0FFF, 2, new ulong[] { 0x1000, 1 })]
    [InlineData(0x1000, 1, new ulong[] { 0x1000, 1 })]
    [InlineData(0x1FFF, 2, new ulong[] { 0x1FFF, 1, 0x2000, 1 })]
    [InlineData(0x2FFF, 1, new ulong[] { 0x2FFF, 1 })]
    [InlineData(0x3000, 0x1000, new ulong[] { })]
    [InlineData(0x0000, 0x4000, new ulong[] { 0x1000, 0x1000, 0x2000, 0x1000 })]
    [InlineData(0x8FFF, 1, new ulong[] { 0x8FFF, 1 })]
    [InlineData(0x1800, 0, new ulong[] { })]
    public void Writing_to_ram_tells_of_the_bytes_in_code_pages(ulong address, int length, ulong[] expected)
    {
        HoldCode();

        _memory.TryWrite(new(address), new byte[length]);
        _own.CatchUp();

        Assert.Equal(expected, _own.Dropped.SelectMany(d => new[] { d.Address, (ulong)d.Length }));
    }

    [Fact]
    public void Writes_of_values_and_through_windows_are_told_too()
    {
        HoldCode();

        _memory.TryWrite(new(0x1FFE), 0x1234_5678u);
        _memory.Window(new(0x8000), 16).Fill(1);
        _memory.Watch.DeviceWrote(new(0x8000), 16);
        _own.CatchUp();

        Assert.Equal([(0x1FFEUL, 2), (0x2000UL, 2), (0x8000UL, 16)], _own.Dropped);
    }

    [Fact]
    public void Writes_that_miss_and_reads_tell_nothing()
    {
        HoldCode();

        _memory.TryWrite(new(0x8FFE), 0x1234_5678u);
        _memory.TryWrite(new(ulong.MaxValue), (byte)1);
        _memory.TryRead(new(0x1000), out ulong _);

        Assert.False(_own.HasRequests);
    }

    [Fact]
    public void A_writer_drops_its_own_code_at_once_and_others_when_they_catch_up()
    {
        _memory.Watch.Join(_other);
        HoldCode();

        _memory.Watch.Wrote(_own, new(0x1004), 4);

        Assert.Equal([(0x1004UL, 4)], _own.Dropped);
        Assert.Empty(_other.Dropped);
        Assert.True(_other.Notifications > 0);
        _other.Enter();
        Assert.Equal([(0x1004UL, 4)], _other.Dropped);
    }

    [Fact]
    public void Acquiring_does_not_wait_for_a_cpu_that_is_outside_and_that_cpu_protects_the_page_before_it_goes_on()
    {
        _memory.Watch.Join(_other);

        _memory.Watch.Acquire(_own, 1);

        Assert.Empty(_other.Protected);
        _other.Enter();
        Assert.Equal([1UL], _other.Protected);
    }

    [Fact]
    public async Task Acquiring_waits_until_a_cpu_inside_has_protected_the_page()
    {
        _memory.Watch.Join(_other);
        _other.Enter();

        var acquired = Task.Run(() => _memory.Watch.Acquire(_own, 1));
        Assert.NotSame(acquired, await Task.WhenAny(acquired, Task.Delay(50)));
        _other.CatchUp();
        await acquired;

        Assert.Equal([1UL], _other.Protected);
    }

    [Fact]
    public async Task Who_acquires_a_page_second_waits_for_the_permissions_that_the_first_waits_for()
    {
        var third = new RecordingWatcher();
        _memory.Watch.Join(_other);
        _memory.Watch.Join(third);
        _other.Enter();

        var first = Task.Run(() => _memory.Watch.Acquire(_own, 1));
        while (!_other.HasRequests)
            await Task.Yield();
        var second = Task.Run(() => _memory.Watch.Acquire(third, 1));
        await Task.WhenAny(first, second, Task.Delay(50));
        Assert.Equal((false, false), (first.IsCompleted, second.IsCompleted));
        _other.CatchUp();
        await Task.WhenAll(first, second);

        Assert.Equal(2, _memory.Watch.Holders[1]);
    }

    [Fact]
    public void Requests_for_a_page_come_together()
    {
        _memory.Watch.Join(_other);
        HoldCode();

        for (var i = 0; i < 1000; i++)
        {
            _memory.Watch.Wrote(_own, new(0x1010 + (ulong)(i % 7)), 2);
            _memory.Watch.Wrote(_own, new(0x2ff0), 4);
        }
        _other.Enter();

        Assert.Equal([1UL, 2UL, 8UL], _other.Protected);
        Assert.Equal([(0x1010UL, 8), (0x2FF0UL, 4)], _other.Dropped);
        Assert.False(_other.HasRequests);
    }

    [Fact]
    public async Task Who_is_alone_waits_for_all_others_to_leave_and_keeps_them_out()
    {
        _memory.Watch.Join(_other);
        _other.Enter();
        using var isAlone = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();

        var alone = Task.Run(() => _memory.Watch.Alone(_own, () =>
        {
            isAlone.Set();
            done.Wait();
        }));
        while (_other.Notifications == 0)
            await Task.Yield();
        Assert.False(isAlone.Wait(50));
        _other.Leave();
        isAlone.Wait();
        var entering = Task.Run(_other.Enter);
        await Task.WhenAny(entering, Task.Delay(50));
        Assert.False(entering.IsCompleted);
        done.Set();

        await Task.WhenAll(alone, entering);
    }

    [Fact]
    public async Task Two_cpus_that_acquire_pages_of_each_other_do_not_block()
    {
        _memory.Watch.Join(_other);
        var both = new[] { (_own, 1UL), (_other, 2UL) }.Select(who => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 2000; i++)
                {
                    who.Item1.Enter();
                    _memory.Watch.Acquire(who.Item1, who.Item2);
                    _memory.Watch.Release(who.Item2);
                    who.Item1.Leave();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));

        await Task.WhenAll(both).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(2000, _own.Protected.Count(page => page == 1));
    }

    public void Dispose() => _memory.Dispose();

    private void HoldCode()
    {
        foreach (var page in (ulong[])[1, 2, 8])
            _memory.Watch.Acquire(_own, page);
    }
}
