namespace Ringmaster.Memory.Tests;

public sealed class DirtyLogStressTests
{
    private const int Pages = 64;

    [Fact]
    public async Task A_copy_that_follows_the_log_is_the_memory_in_the_end_whoever_stores_meanwhile()
    {
        using var memory = GuestMemory.Create([new RamRange(new(0), Pages * GuestPhysicalAddress.PageSize)]);
        var completed = new long[Pages];
        StoringCpu[] cpus = [new(memory, completed, 1), new(memory, completed, 2), new(memory, completed, 3)];
        foreach (var cpu in cpus)
            memory.Watch.Join(cpu);
        var pages = new DirtyPages(memory);
        var copy = new long[Pages];
        memory.DirtyLog.Start();

        var running = Task.WhenAll(cpus.Select(cpu => Task.Factory.StartNew(
            () => cpu.Run(TimeSpan.FromSeconds(2)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var collections = 0;
        for (; !running.IsCompleted; collections++)
            Follow();
        await running;
        Follow();

        Assert.Equal(Enumerable.Range(0, Pages).Select(NumberOf), copy);
        Assert.Empty(cpus.SelectMany(cpu => cpu.Stale));
        Assert.True(collections > 100 && cpus.Sum(cpu => cpu.DirectStores) > 1000, $"{collections} collections; {string.Join("; ", cpus.AsEnumerable())}");

        void Follow()
        {
            pages.Clear();
            memory.DirtyLog.Collect(pages);
            foreach (var page in pages.Pages)
                copy[page.Page] = NumberOf((int)page.Page);
        }

        long NumberOf(int page) => memory.TryRead(new((ulong)page << 12), out long number) ? number : -1;
    }
}
