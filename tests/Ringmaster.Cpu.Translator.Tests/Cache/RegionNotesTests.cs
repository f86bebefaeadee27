using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Tests.Cache;

/// <summary>What is packed comes back, whatever it is.</summary>
public sealed class RegionNotesTests
{
    private const ulong Page = 0x1234;

    private readonly NoteStore _store = new();

    [Fact]
    public void Notes_come_back() => Prop.ForAll(Notes.Any(), wanted =>
    {
        // Not the first ones that the store keeps.
        _store.Keep(wanted.Exits, [], [], [], 0);
        var kept = _store.Keep(wanted.Exits, wanted.Places, wanted.Relocations, wanted.Sources, Page);

        Assert.Equal(wanted.Exits, kept.AllExits());
        Assert.Equal(wanted.Places, kept.AllPlaces());
        Assert.Equal(wanted.Relocations, kept.AllRelocations());
        Assert.Equal(wanted.Sources, kept.AllSources(Page));
        Assert.Equal(wanted.Exits.Length, kept.ExitCount);
        Assert.Equal(wanted.Relocations.Length != 0, kept.HasRelocations);
        Assert.Equal(wanted.Exits, Enumerable.Range(0, wanted.Exits.Length).Select(kept.ExitAt));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void An_address_belongs_to_the_last_instruction_that_begins_before_it()
    {
        InstructionPlace[] places = [new(8, 0, 3), new(20, 2, 2), new(20, 5, 1), new(300, -9, 0) { Unfit = 77 }];
        var kept = _store.Keep([], places, [], [], Page);

        Assert.Equal(places[0], kept.InstructionAt(8));
        Assert.Equal(places[0], kept.InstructionAt(19));
        Assert.Equal(places[2], kept.InstructionAt(20));
        Assert.Equal(places[3], kept.InstructionAt(100_000));
    }

    [Fact]
    public void Numbers_come_back() => Prop.ForAll<ulong[], long[]>((numbers, signed) =>
    {
        ulong[] all = [0, 0x7F, 0x80, ulong.MaxValue, .. numbers];
        long[] allSigned = [0, -1, -64, 64, long.MinValue, long.MaxValue, .. signed];
        var writer = new NumberWriter();
        foreach (var number in all)
            writer.Write(number);
        foreach (var number in allSigned)
            writer.WriteSigned(number);

        var reader = new NumberReader(writer.Written);
        foreach (var number in all)
            Assert.Equal(number, reader.Read());
        foreach (var number in allSigned)
            Assert.Equal(number, reader.ReadSigned());
        Assert.True(reader.IsAtEnd);
    }).QuickCheckThrowOnFailure();

    /// <summary>Notes of one region.</summary>
    internal sealed record Notes(ExitPoint[] Exits, InstructionPlace[] Places, Relocation[] Relocations, SourceRun[] Sources)
    {
        public static Arbitrary<Notes> Any()
        {
            var place = Gen.Frequency((4, Gen.Choose(0, 40)), (1, Gen.Choose(0, 1 << 20)));
            var small = Gen.Choose(short.MinValue, short.MaxValue);
            var maybe = Gen.OneOf(Gen.Constant(-1), place);
            var offset = Gen.Frequency((4, small.Select(n => (long)n)), (1, ArbMap.Default.GeneratorFor<long>()));
            var exit = from kind in Gen.Elements(Enum.GetValues<ExitKind>())
                       from to in offset
                       from code in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 4000))
                       from next in Gen.OneOf(Gen.Constant(0), small)
                       from uncounted in Gen.OneOf(Gen.Constant(0), small)
                       from link in maybe
                       from check in maybe
                       from bits in Gen.Choose(0, 3)
                       select new ExitPoint(kind, to)
                       {
                           Code = (Iced.Intel.Code)code,
                           Next = next,
                           Uncounted = uncounted,
                           LinkPlace = link,
                           CheckPlace = check,
                           CountsItself = (bits & 1) != 0,
                           ChecksFollowing = (bits & 2) != 0,
                       };
            var instruction = from at in place
                              from to in small
                              from uncounted in small
                              from unfit in Gen.OneOf(Gen.Constant(0), place)
                              select new InstructionPlace(at, (short)to, (short)uncounted) { Unfit = unfit };
            var relocation = from at in place
                             from kind in Gen.Elements(Enum.GetValues<RelocationKind>())
                             select new Relocation(at, kind);
            var source = from page in Gen.Elements(Page, Page + 1, 0UL, ulong.MaxValue >> 12)
                         from first in Gen.Choose(0, 0xFFF)
                         from length in Gen.Choose(0, 0x1000)
                         select new SourceRun(page, (ushort)first, (ushort)(first + length));
            return Arb.From(from exits in exit.ArrayOf()
                            from places in instruction.ArrayOf()
                            from relocations in relocation.ArrayOf()
                            from sources in source.ArrayOf()
                            select new Notes(exits, [.. places.OrderBy(p => p.Place)], relocations, sources));
        }
    }
}
