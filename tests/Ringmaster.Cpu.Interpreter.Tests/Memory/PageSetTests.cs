using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Tests.Memory;

public sealed class PageSetTests
{
    private static readonly int[] s_shifts = [12, 21, 22, 30];

    [Fact]
    public void It_holds_what_lies_in_a_page_that_was_added()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var set = new PageSet();
            var pages = Enumerable.Range(0, random.Next(1, 20)).Select(_ => (Linear: Address(random), Shift: s_shifts[random.Next(4)])).ToList();
            pages.ForEach(page => set.Add(page.Linear, page.Shift));

            for (var i = 0; i < 100; i++)
            {
                var linear = random.Next(2) == 0 ? Address(random) : pages[random.Next(pages.Count)].Linear + (ulong)random.Next(-0x40_0000, 0x40_0000);

                Assert.Equal(pages.Exists(page => page.Linear >> page.Shift == linear >> page.Shift), set.Holds(linear));
            }
        }
    }

    [Fact]
    public void It_holds_nothing_once_it_is_cleared()
    {
        var set = new PageSet();
        set.Add(0x1234_5678, 21);

        set.Clear();

        Assert.False(set.Holds(0x1234_5678));
    }

    private static ulong Address(Random random) => (ulong)random.NextInt64() << random.Next(16) | (random.Next(2) == 0 ? 0xFFFF_8000_0000_0000 : 0);
}
