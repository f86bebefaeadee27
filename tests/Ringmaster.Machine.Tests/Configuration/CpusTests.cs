using Ringmaster.Cpu.Models;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Machine.Tests.Configuration;

public sealed class CpusTests
{
    [Theory]
    [InlineData("1", 1, 1, 1)]
    [InlineData("16", 1, 16, 1)]
    [InlineData("3", 1, 3, 1)]
    [InlineData("8,sockets=2", 2, 4, 1)]
    [InlineData("8,cores=2", 4, 2, 1)]
    [InlineData("8,threads=2", 1, 4, 2)]
    [InlineData("8, sockets=2, threads=2", 2, 2, 2)]
    [InlineData("8,sockets=2,cores=2", 2, 2, 2)]
    [InlineData("8,cores=2,threads=2", 2, 2, 2)]
    [InlineData("12,sockets=2,cores=3,threads=2", 2, 3, 2)]
    [InlineData("sockets=2,cores=3", 2, 3, 1)]
    [InlineData("threads=2", 1, 1, 2)]
    public void What_is_not_given_follows_from_the_rest(string text, int sockets, int cores, int threads)
    {
        Assert.True(OptionText.Cpus(text).TryGet(out var topology, out var problem), problem);

        Assert.Equal(new CpuTopology(sockets, cores, threads), topology);
    }

    [Theory]
    [InlineData("1,max=4", 4, 1)]
    [InlineData("max=4", 4, 1)]
    [InlineData("2,max=8,threads=2", 8, 2)]
    [InlineData("4,max=4", 4, 4)]
    [InlineData("4", 4, 4)]
    public void Some_can_come_later(string text, int all, int present)
    {
        Assert.True(OptionText.Cpus(text).TryGet(out var cpus, out var problem), problem);

        Assert.Equal((all, present), (cpus.All.Count, cpus.Present));
    }

    [Theory]
    [InlineData("4,max=2", "4 CPUs are more than the 2 that there can be.")]
    [InlineData("4,max=17", "\"17\" is no number of max. Write a number from 1 to 16.")]
    [InlineData("1,max=2,max=3", "\"max\" is given twice. Leave one out.")]
    [InlineData("1,max=5,threads=2", "5 CPUs cannot be 2 threads.")]
    [InlineData("", "\"\" is no number of CPUs. Write a number from 1 to 16.")]
    [InlineData("0", "\"0\" is no number of CPUs.")]
    [InlineData("-1", "\"-1\" is no number of CPUs.")]
    [InlineData("two", "\"two\" is no number of CPUs.")]
    [InlineData("17", "17 CPUs are too many. Write at most 16.")]
    [InlineData("sockets=4,cores=5", "20 CPUs are too many.")]
    [InlineData("sockets=16,cores=16,threads=16", "4096 CPUs are too many.")]
    [InlineData("sockets=2000000000,cores=2", "\"2000000000\" is no number of sockets. Write a number from 1 to 16.")]
    [InlineData("4,4", "\"4\" has no value. Write 4=NUMBER.")]
    [InlineData("4,core=2", "CPUs are not arranged in \"core\". Did you mean \"cores\"?")]
    [InlineData("4,cores=2,cores=2", "\"cores\" is given twice. Leave one out.")]
    [InlineData("4,cores=0", "\"0\" is no number of cores.")]
    [InlineData("4,cores=", "\"\" is no number of cores.")]
    [InlineData("4,cores=3", "4 CPUs cannot be 3 cores. Let the number of CPUs be the product, or leave one of them out.")]
    [InlineData("4,sockets=8", "4 CPUs cannot be 8 sockets.")]
    [InlineData("8,sockets=2,cores=2,threads=1", "8 CPUs cannot be 2 sockets times 2 cores times 1 threads.")]
    public void A_number_that_cannot_be_is_refused_with_a_remedy(string text, string expected)
    {
        Assert.False(OptionText.Cpus(text).TryGet(out _, out var problem));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }
}
