namespace Ringmaster.Memory.Tests;

public sealed class GuestMemoryLifeTests
{
    [Fact]
    public void Disposing_gives_the_host_memory_back()
    {
        var memory = GuestMemory.CreatePc(64 << 20);
        var start = Address(memory);
        Assert.Contains(Mappings(), line => line.StartsWith($"{start:x}-", StringComparison.Ordinal));

        memory.Dispose();

        Assert.DoesNotContain(Mappings(), line => line.StartsWith($"{start:x}-", StringComparison.Ordinal));
    }

    [Fact]
    public void Disposing_twice_is_harmless()
    {
        var memory = GuestMemory.CreatePc(1 << 20);

        var start = Address(memory);

        memory.Dispose();
        memory.Dispose();

        Assert.DoesNotContain(Mappings(), line => line.StartsWith($"{start:x}-", StringComparison.Ordinal));
    }

    [Fact]
    public void A_watch_knows_of_no_code_once_it_is_gone()
    {
        var memory = GuestMemory.CreatePc(1 << 20);
        var watcher = new RecordingWatcher();
        memory.Watch.Acquire(watcher, 1);

        memory.Dispose();
        memory.Watch.Acquire(watcher, 2);

        Assert.False(memory.Watch.Watches(1));
        Assert.False(memory.Watch.Watches(2));
    }

    [Fact]
    public void A_guest_larger_than_the_address_space_is_refused_by_the_host() =>
        Assert.Throws<Ringmaster.Host.LinuxException>(() => GuestMemory.CreatePc(1UL << 60));

    private static unsafe nuint Address(GuestMemory memory) => (nuint)memory.HostBase;

    private static string[] Mappings() => File.ReadAllLines("/proc/self/maps");
}
