using Ringmaster.Host;
using Ringmaster.Machine.Assembly;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Tests.Assembly;

public sealed class GuestRamTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pages").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Lacking_reserved_pages_are_told_with_the_command_that_reserves_them()
    {
        Reserve("hugepages-2048kB", all: 100, free: 40, promised: 10);

        var message = GuestRam.ReservedRefusal(ByteSize.FromMebibytes(512), ByteSize.FromMebibytes(2), _directory);

        Assert.Equal("The host has 30 free reserved pages of 2M, and the guest needs 256. As root: echo 326 "
            + $">{_directory}/hugepages-2048kB/nr_hugepages - or leave huge= out of --memory.", message);
    }

    [Fact]
    public void Pages_of_a_gibibyte_may_have_to_be_reserved_when_the_host_boots()
    {
        Reserve("hugepages-1048576kB", all: 0, free: 0, promised: 0);

        var message = GuestRam.ReservedRefusal(ByteSize.FromMebibytes(2048), ByteSize.FromMebibytes(1024), _directory);

        Assert.Contains("echo 2 >", message, StringComparison.Ordinal);
        Assert.Contains("boot the host with hugepagesz=1G hugepages=2", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_without_such_pages_says_so() => Assert.Equal(
        "The host has no pages of 1G. Choose another kind with --memory 1G,huge=2M, or leave huge= out.",
        GuestRam.ReservedRefusal(ByteSize.FromMebibytes(1024), ByteSize.FromMebibytes(1024), _directory));

    [Theory]
    [InlineData("Max locked memory         8388608              8388608              bytes     ",
        "The process may lock 8M of memory, and the guest needs 512M. Raise the limit (ulimit -l 524289; ")]
    [InlineData("Max locked memory         unlimited            unlimited            bytes     ", "The host cannot keep 512M in memory for the guest.")]
    public void A_limit_of_locked_memory_is_told_with_what_raises_it(string limits, string message) =>
        Assert.StartsWith(message, GuestRam.LockRefusal(ByteSize.FromMebibytes(512), ["Limit  Soft  Hard", limits]), StringComparison.Ordinal);

    [Theory]
    [InlineData("always [madvise] never", null)]
    [InlineData("[always] madvise never", null)]
    [InlineData("always madvise [never]", "The host's transparent huge pages are off. As root: echo madvise >")]
    [InlineData(null, "The host's kernel has no transparent huge pages.")]
    public void Transparent_pages_that_are_asked_for_must_be_switched_on(string? setting, string? problem)
    {
        var path = Path.Combine(_directory, "enabled");
        if (setting is not null)
            File.WriteAllText(path, setting);

        var message = GuestRam.TransparentProblem(path);

        Assert.Equal(problem is null, message is null);
        Assert.StartsWith(problem ?? "", message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void More_reserved_pages_than_any_host_has_are_refused_in_words()
    {
        var config = new MachineConfig { Memory = MachineLimits.MostMemory, MemoryBacking = new MemoryBacking(HostPages.OneGibibyte, false) };

        var refusal = Assert.Throws<MachineSetupException>(() => GuestRam.Create(config, [], default));

        Assert.Contains("pages of 1G", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Small_pages_and_locked_memory_are_given()
    {
        var config = new MachineConfig { Memory = ByteSize.FromMebibytes(2), MemoryBacking = new MemoryBacking(HostPages.Small, true) };

        using var memory = GuestRam.Create(config, [], default);

        Assert.True(memory.TryWrite(new(0x10_0000), 7UL));
        Assert.Equal(0UL, memory.Discard(new(0x10_0000), 0x1000));
    }

    private void Reserve(string kind, int all, int free, int promised)
    {
        var place = Directory.CreateDirectory(Path.Combine(_directory, kind)).FullName;
        File.WriteAllText(Path.Combine(place, "nr_hugepages"), $"{all}\n");
        File.WriteAllText(Path.Combine(place, "free_hugepages"), $"{free}\n");
        File.WriteAllText(Path.Combine(place, "resv_hugepages"), $"{promised}\n");
    }
}
