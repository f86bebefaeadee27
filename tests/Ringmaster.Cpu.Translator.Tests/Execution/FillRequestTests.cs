using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Tests.Execution;

public sealed class FillRequestTests
{
    [Fact]
    public void Everything_comes_out_of_the_word_again()
    {
        var cases =
            from context in Gen.Choose(-1, Area.Contexts - 1)
            from slot in Gen.Choose(0, Area.Slots - 1)
            from size in Gen.Choose(1, 128)
            from writes in Gen.Elements(false, true)
            from isGroup in Gen.Elements(false, true)
            from mayFault in Gen.Elements(false, true)
            select (Place: context < 0 ? 0 : Area.SlotsOf(context) + slot * SiteSlot.Size, Size: size, Writes: writes, IsGroup: isGroup, MayFault: mayFault);

        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var request = FillRequest.Create(one.Place, one.Size, one.Writes, one.IsGroup, one.MayFault);

            // Generated code pushes the word as a constant of 32 bits, which is sign-extended.
            var pushed = new FillRequest((uint)(ulong)(int)request.Word);
            Assert.Equal((one.Place, one.Place != 0, one.Size, one.Writes, one.IsGroup, SiteSlot.MarginOf(one.Size)),
                (pushed.Slot, pushed.HasSlot, pushed.Size, pushed.Writes, pushed.IsGroup, pushed.Margin));
            Assert.Equal(one.MayFault, pushed.MayFault);
            // So the routines take it out.
            Assert.Equal(one.Size - 1, (int)(pushed.Word >> FillRequest.SizeShift));
        }).QuickCheckThrowOnFailure();
    }
}
