using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Tests.Memory;

public sealed class SiteSlotTests
{
    /// <summary>Addresses that pass either of a slot's checks, and no others, are served with all of their margin inside the run.</summary>
    [Fact]
    public void What_passes_a_check_lies_in_the_run_with_its_margin()
    {
        var cases =
            from start in Gen.Elements<ulong>([0, 0x40_0000, 0xFFFF_F000, 0xFFFF_FFFF_FFC0_0000])
            from pages in Gen.Choose(1, 600)
            from offset in Gen.Choose(0, pages * 0x1000 - 1)
            from probe in Gen.Choose(-0x2000, pages * 0x1000 + 0x2000)
            from margin in Gen.Elements(7, 31, 127)
            select (Start: start, Length: (ulong)pages << 12, Offset: (ulong)offset, Probe: unchecked(start + (ulong)(long)probe), Margin: margin);

        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var slot = default(SiteSlot);
            var covers = slot.TryCover(one.Start + one.Offset, one.Start, one.Length, 0x1000, one.Margin);
            Assert.Equal(one.Offset < one.Length - (ulong)one.Margin, covers);
            if (!covers)
                return;
            var inRun = one.Probe - one.Start < one.Length && one.Probe + (ulong)one.Margin - one.Start < one.Length;
            var passesLimit = one.Probe - slot.Start < slot.Limit;
            var passesWindow = (one.Probe + slot.NegatedWindow & slot.WindowMask) == 0;
            Assert.Equal(inRun, passesLimit);
            Assert.True(!passesWindow || inRun);
            // The window takes in the access that filled the slot, and at least half of the run.
            Assert.Equal(0UL, one.Start + one.Offset + slot.NegatedWindow & slot.WindowMask);
            Assert.True((0 - slot.WindowMask) * 2 > slot.Limit);
            Assert.Equal(one.Start + 0x1000, slot.Host);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(8, 7)]
    [InlineData(9, 31)]
    [InlineData(32, 31)]
    [InlineData(33, 127)]
    [InlineData(128, 127)]
    public void Margins_take_in_the_rest_of_an_access(int size, int margin)
    {
        Assert.Equal(margin, SiteSlot.MarginOf(size));
        Assert.True(size - 1 <= margin);
    }
}
