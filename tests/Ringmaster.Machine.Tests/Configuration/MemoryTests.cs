using Ringmaster.Host;
using Ringmaster.Machine.Configuration.Reading;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Tests.Configuration;

public sealed class MemoryTests
{
    [Theory]
    [InlineData("2G", 2048UL, HostPages.AsGiven, false)]
    [InlineData("2G,huge=never", 2048UL, HostPages.Small, false)]
    [InlineData("2G,huge=thp", 2048UL, HostPages.Transparent, false)]
    [InlineData("2G,huge=2M,lock", 2048UL, HostPages.TwoMebibytes, true)]
    [InlineData("lock,huge=1G", 512UL, HostPages.OneGibibyte, true)]
    [InlineData("1G,lock", 1024UL, HostPages.AsGiven, true)]
    public void Memory_has_a_size_and_a_kind(string text, ulong mebibytes, HostPages pages, bool isLocked)
    {
        var set = Read(text);

        Assert.Empty(set.Errors);
        var config = set.Options.Complete("/unused");
        Assert.Equal((mebibytes << 20, new MemoryBacking(pages, isLocked)), (config.Memory.Bytes, config.MemoryBacking ?? default));
    }

    [Theory]
    [InlineData("lots", "\"lots\" is no size. Write a number with a unit, for example 512M or 1.5G.")]
    [InlineData("1G,huge=4M", "There is no kind of pages \"4M\".")]
    [InlineData("1G,huge", "There is no kind of pages \"\".")]
    [InlineData("1G,hueg=2M", "There is no setting \"hueg\" of memory. Did you mean \"huge\"?")]
    [InlineData("1G,lock=yes", "\"lock\" takes no value.")]
    [InlineData("1G,huge=2M,huge=1G", "\"huge\" is given twice.")]
    [InlineData("513M,huge=2M", "513M cannot be made of pages of 2M. Choose a multiple of them, for example --memory 514M.")]
    [InlineData("huge=1G", "512M cannot be made of pages of 1G. Choose a multiple of them, for example --memory 1G.")]
    public void What_cannot_be_is_refused(string text, string message)
    {
        var set = Read(text);

        Assert.StartsWith(message, Assert.Single(set.Errors.Concat(set.Options.Conflicts())).Message, StringComparison.Ordinal);
    }

    private static OptionSet Read(string text)
    {
        var set = new OptionSet(new OptionText("/"));
        set.Set(OptionKeys.Memory, text, OptionKeys.Memory);
        return set;
    }
}
