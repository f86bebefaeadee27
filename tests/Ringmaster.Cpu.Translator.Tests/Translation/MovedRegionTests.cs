using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Runtime;
using Ringmaster.Cpu.Translator.Tests.Cache;
using Ringmaster.Cpu.Translator.Tests.Golden;
using Ringmaster.Cpu.Translator.Translation;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Tests.Translation;

/// <summary>A region that is copied for another linear address is what the translator would have made for that address.</summary>
public sealed class MovedRegionTests : IDisposable
{
    private const ulong Physical = 0x2000, First = 0x5555_0000_1000, Second = 0x7FFF_8765_4000;

    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new GuestPhysicalAddress(0), 0x8000)]);
    private readonly CodeCache _cache;
    private readonly Watcher _watcher = new();

    public MovedRegionTests()
    {
        _memory.Watch.Join(_watcher);
        _cache = new CodeCache(_memory, new TranslatorOptions { CodeCacheSize = 4 << 20 }, _ => { });
    }

    public static TheoryData<string> Names => new(GoldenCases.All.Where(c => c is { Kind: GuestKind.User64, IsUngrouped: false }).Select(c => c.Name));

    public void Dispose()
    {
        _cache.Dispose();
        _memory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public unsafe void A_copy_is_what_would_have_been_translated(string name)
    {
        var golden = GoldenCases.All.Single(c => c.Name == name);
        var (original, _) = Add(golden, First);
        LinkSomething(original);
        var key = original.Key with { Linear = Second + (ulong)golden.Offset };

        var found = _cache.FindMovable(key);
        Assert.Same(original, found);
        FollowingPage? following = original.Following is null ? null : new FollowingPage(original.Following.Value.Physical, 9);
        var moved = _cache.TryMove(_watcher, original, key, check: 7, following)!;

        var translator = new RegionTranslator(_cache.Runtime, golden.Counts);
        var expected = translator.Translate(PlanOf(golden, Second, 9), moved.Host, 7, moved.FirstExit, isShared: false, new NoteStore())!;
        Assert.Equal(Convert.ToHexString(translator.HostCode), Convert.ToHexString(new ReadOnlySpan<byte>((byte*)moved.Host, moved.Code.Length)));
        Assert.Equal((expected.Entry, expected.CheckedEntry, expected.StaleExit, expected.Check), (moved.Entry, moved.CheckedEntry, moved.StaleExit, moved.Check));
        Assert.Equal(expected.Code.Notes.AllExits(), moved.Code.Notes.AllExits());
        Assert.Equal(expected.Code.Notes.AllPlaces(), moved.Code.Notes.AllPlaces());
        Assert.Equal(expected.Following, moved.Following);
        Assert.Equal(expected.Code.Notes.AllExits().Select(e => expected.RipAt(e.Offset)), moved.Code.Notes.AllExits().Select(e => moved.RipAt(e.Offset)));
        Assert.Same(moved, _cache.Find(key));
        Assert.Same(moved, _cache.FindByHost(moved.Entry));
    }

    [Fact]
    public void A_copy_goes_with_the_code_it_was_made_from()
    {
        var (original, key) = Add(GoldenCases.All.Single(c => c.Name == "rip_relative"), First);
        var moved = _cache.TryMove(_watcher, original, key, 7, null)!;

        _cache.Written(new GuestPhysicalAddress(original.Key.Physical), 1);

        Assert.False(original.IsValid);
        Assert.False(moved.IsValid);
        Assert.Null(_cache.FindMovable(key));
        Assert.Null(_cache.TryMove(_watcher, original, key, 7, null));
    }

    [Fact]
    public void Code_of_the_kernel_and_below_4_GiB_stays_where_it_is()
    {
        var golden = GoldenCases.All.Single(c => c.Name == "rip_relative");
        Add(golden, 0x40_1000);

        Assert.Null(_cache.FindMovable(new RegionKey(Physical, Second, 0)));
    }

    /// <summary>Links of the original must not come along.</summary>
    private void LinkSomething(Region region)
    {
        var exits = region.Code.Notes.AllExits();
        for (var i = 0; i < exits.Count - 1; i++)
        {
            if (exits[i].LinkPlace >= 0)
                Assert.True(_cache.TryLink(region.FirstExit + i, region, check: exits[i].CheckPlace >= 0 ? 5 : 0));
        }
    }

    private (Region Region, RegionKey Other) Add(GoldenCase golden, ulong page)
    {
        var translator = new RegionTranslator(_cache.Runtime, golden.Counts);
        var region = translator.Translate(PlanOf(golden, page, 3), _cache.NextHost, 5, _cache.NextExit, isShared: false, _cache.Notes)!;
        Assert.True(_cache.TryAdd(_watcher, region, translator.HostCode, translator.Slots));
        return (region, region.Key with { Linear = Second + (ulong)golden.Offset });
    }

    private static unsafe RegionPlan PlanOf(GoldenCase golden, ulong page, int followingCheck)
    {
        var pages = new byte[0x2000];
        Array.Fill(pages, (byte)0xF4);
        golden.Assemble().CopyTo(pages, golden.Offset);
        var planner = new RegionPlanner(new InstructionClassifier(TestModel.Instructions, HandlerTable.Create(), TestModel.Instructions), TestModel.Instructions.DecoderOptions);
        FollowingPage? following = golden.KnowsFollowing ? new FollowingPage((Physical >> 12) + 1, followingCheck) : null;
        fixed (byte* bytes = pages)
        {
            return planner.Plan(new RegionKey(Physical + (ulong)golden.Offset, page + (ulong)golden.Offset, 0), golden.Kind.Context(), bytes, bytes + 0x1000, following, null, _ => true)
                ?? throw new InvalidOperationException("The code cannot be translated.");
        }
    }

    private sealed class Watcher : CodeWatcher
    {
        protected override void ProtectNow(ulong page)
        {
        }

        protected override void ProtectAllNow()
        {
        }

        protected override void DropNow(GuestPhysicalAddress address, int length)
        {
        }

        protected override void Notify()
        {
        }
    }
}
