namespace Ringmaster.Memory.Tests;

/// <summary>The promises of <see cref="CodeWatch"/> while several threads use it as vCPUs do.</summary>
public sealed class CodeWatchStressTests : IDisposable
{
    private const int Cpus = 4, Pages = 3;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(1.5);

    private readonly GuestMemory _memory = GuestMemory.Create([new(new(0), Pages * GuestPhysicalAddress.PageSize)]);

    /// <summary>Each page's latest store that its writer has gone on from.</summary>
    private readonly long[] _completed = new long[Pages];

    [Fact]
    public async Task A_store_is_read_or_reported()
    {
        var cpus = Enumerable.Range(0, Cpus).Select(i => new StoringCpu(_memory, _completed, i)).ToList();
        cpus.ForEach(_memory.Watch.Join);

        await Task.WhenAll(cpus.Select(cpu => Task.Factory.StartNew(
            () => cpu.Run(s_duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal([], cpus.SelectMany(cpu => cpu.Stale));
        Assert.All(cpus, cpu => Assert.True(cpu is { DirectStores: > 100, ReportedStores: > 100, Reads: > 100 }, cpu.ToString()));
    }

    [Fact]
    public async Task What_is_done_alone_seems_to_happen_at_once()
    {
        var watchers = Enumerable.Range(0, Cpus).Select(_ => new RecordingWatcher()).ToList();
        watchers.ForEach(_memory.Watch.Join);
        var (shared, expected, torn) = (0L, 0L, 0);
        var end = DateTime.UtcNow + s_duration;

        await Task.WhenAll(watchers.Select((watcher, i) => Task.Factory.StartNew(() => Work(watcher, i), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal((0, expected), (torn, shared));

        void Work(RecordingWatcher watcher, int index)
        {
            while (DateTime.UtcNow < end)
            {
                watcher.Enter();
                for (var i = 0; i < 100; i++)
                {
                    watcher.CatchUp();
                    if (index == 0 || i % 50 == 0)
                        _memory.Watch.Alone(watcher, () =>
                        {
                            // Neither atomic nor quick, and a number that is odd in between.
                            var before = Volatile.Read(ref shared);
                            Volatile.Write(ref shared, before + 1);
                            Thread.SpinWait(20);
                            Volatile.Write(ref shared, before + 2);
                            expected += 2;
                        });
                    else if (Volatile.Read(ref shared) % 2 != 0)
                        Interlocked.Increment(ref torn);
                }
                watcher.Leave();
            }
        }
    }

    public void Dispose() => _memory.Dispose();
}
