namespace Ringmaster.Memory.Tests;

public sealed class DirtyLogTests : IDisposable
{
    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new(0), 0x4000), new RamRange(new(0x10_0000), 0x10_0000)]);
    private readonly RecordingWatcher _watcher = new();

    public DirtyLogTests() => _memory.Watch.Join(_watcher);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Writes_of_devices_are_told_of_once_and_by_range()
    {
        _memory.DirtyLog.Start();

        _memory.TryWrite(new(0x1FFF), (ushort)1);
        _memory.TryWrite(new(0x14_1000), 1UL);
        var pages = Collect();

        Assert.Equal([0x1000UL, 0x2000, 0x14_1000], pages.Pages.Select(p => p.Value));
        Assert.Equal((0b110UL, 1UL << 1), (pages.BitsOf(0)[0], pages.BitsOf(1)[1]));
        Assert.Equal(0, Collect().Count);
    }

    [Fact]
    public void Pages_are_added_to_those_that_are_there()
    {
        var pages = new DirtyPages(_memory);
        _memory.DirtyLog.Start();
        _memory.TryWrite(new(0x1000), 1);
        _memory.DirtyLog.Collect(pages);
        _memory.TryWrite(new(0x3000), 1);

        _memory.DirtyLog.Collect(pages);

        Assert.Equal([0x1000UL, 0x3000], pages.Pages.Select(p => p.Value));
    }

    [Fact]
    public void Memory_that_is_given_back_has_been_written_to()
    {
        _memory.DirtyLog.Start();

        _memory.Discard(new(0x10_0000), 0x2000);

        Assert.Equal([0x10_0000UL, 0x10_1000], Collect().Pages.Select(p => p.Value));
    }

    [Fact]
    public void A_clean_page_is_watched_until_it_is_stored_to()
    {
        _memory.DirtyLog.Start();
        Assert.True(_memory.Watch.Watches(1));

        _memory.Watch.Wrote(_watcher, new(0x1008), 4);

        Assert.False(_memory.Watch.Watches(1));
        Assert.Empty(_watcher.Dropped);
        Collect();
        Assert.True(_memory.Watch.Watches(1));
        Assert.Equal(1, ProtectedOnEntry());
    }

    [Fact]
    public void A_page_with_code_stays_watched_and_its_code_is_dropped()
    {
        _memory.Watch.Acquire(_watcher, 1);
        _memory.DirtyLog.Start();

        _memory.Watch.Wrote(_watcher, new(0x1008), 4);
        _memory.Watch.Wrote(_watcher, new(0x1010), 4);

        Assert.Equal([(0x1008UL, 4), (0x1010UL, 4)], _watcher.Dropped);
        Assert.True(_memory.Watch.Watches(1));
        Assert.Equal([0x1000UL], Collect().Pages.Select(p => p.Value));
        _memory.Watch.Release(1);
        _memory.DirtyLog.Stop();
        Assert.False(_memory.Watch.Watches(1));
    }

    [Fact]
    public void Code_that_is_read_from_a_clean_page_has_others_give_up_storing_there()
    {
        _memory.DirtyLog.Start();

        _memory.Watch.Acquire(_watcher, 1);

        Assert.Equal([1UL], _watcher.Protected);
    }

    [Fact]
    public void Nobody_uses_it_twice_or_without_having_started_it()
    {
        Assert.Throws<InvalidOperationException>(() => _memory.DirtyLog.Collect(new DirtyPages(_memory)));
        _memory.DirtyLog.Start();

        Assert.Throws<InvalidOperationException>(_memory.DirtyLog.Start);

        _memory.DirtyLog.Stop();
        _memory.DirtyLog.Stop();
        Assert.False(_memory.DirtyLog.IsOn);
    }

    [Fact]
    public void Engines_that_store_by_themselves_are_asked()
    {
        var early = new Source();
        var late = new Source();
        _memory.DirtyLog.Join(early);
        _memory.DirtyLog.Start();
        _memory.DirtyLog.Join(late);

        Assert.Equal([0x2000UL], Collect().Pages.Select(p => p.Value));
        _memory.DirtyLog.Part(early);
        _memory.DirtyLog.Stop();

        Assert.Equal(("start collect", "start collect stop"), (early.Calls, late.Calls));
    }

    private int ProtectedOnEntry()
    {
        var before = _watcher.AllProtected;
        _watcher.Enter();
        _watcher.Leave();
        return _watcher.AllProtected - before;
    }

    private DirtyPages Collect()
    {
        var pages = new DirtyPages(_memory);
        _memory.DirtyLog.Collect(pages);
        return pages;
    }

    private sealed class Source : IDirtySource
    {
        public string Calls { get; private set; } = "";

        public void Start() => Calls += "start";

        public void Collect(DirtyPages pages)
        {
            Calls += " collect";
            pages.Add(new(0x2FF8));
        }

        public void Stop() => Calls += " stop";
    }
}
