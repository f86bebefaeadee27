using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Runtime;
using Ringmaster.Cpu.Translator.Translation;
using Ringmaster.Host;

namespace Ringmaster.Cpu.Translator.Tests.Golden;

/// <summary>A case's plan, region and host code.</summary>
internal sealed unsafe class TranslatedCase : IDisposable
{
    private const int CodeSize = 4 << 20, Origin = 0x10_0000, Physical = 0x20_0000;

    private readonly CodeMemory _memory = CodeMemory.Create(CodeSize);

    public TranslatedCase(GoldenCase golden)
    {
        Golden = golden;
        Runtime = new RuntimeCode(_memory, setsGsBase: true, hasAvx: true);
        // Two pages: an instruction may cross from the first into the second.
        var pages = new byte[0x2000];
        Array.Fill(pages, (byte)0xF4);
        golden.Assemble().CopyTo(pages, golden.Offset);
        var linear = golden.Kind.Page() + (ulong)golden.Offset;
        var key = new RegionKey(Physical + (ulong)golden.Offset, linear, 0, golden.IsUngrouped);
        Plan = MakePlan(key, pages, null);
        var scattered = KeysOf(Plan).Where(golden.IsScattered).ToHashSet();
        if (scattered.Count != 0)
            Plan = MakePlan(key, pages, scattered);
        var translator = new RegionTranslator(Runtime, golden.Counts);
        Region = translator.Translate(Plan, (ulong)_memory.Executable + Origin, golden.Check, 0, golden.IsShared, new NoteStore())
            ?? throw new InvalidOperationException("The code is too long to be translated.");
        Code = translator.HostCode.ToArray();
    }

    public GoldenCase Golden { get; }

    /// <summary>The routines that the code calls.</summary>
    public RuntimeCode Runtime { get; }

    public RegionPlan Plan { get; }

    public Region Region { get; }

    /// <summary>The host code.</summary>
    public byte[] Code { get; }

    public void Dispose() => _memory.Dispose();

    private RegionPlan MakePlan(RegionKey key, byte[] pages, HashSet<SlotKey>? scattered)
    {
        var classifier = new InstructionClassifier(TestModel.Instructions, HandlerTable.Create(), TestModel.Instructions);
        var planner = new RegionPlanner(classifier, TestModel.Instructions.DecoderOptions);
        // Page check 3 is about the page that follows.
        FollowingPage? following = Golden.KnowsFollowing ? new FollowingPage((Physical >> 12) + 1, 3) : null;
        fixed (byte* page = pages)
        {
            return planner.Plan(key, Golden.Kind.Context(), page, page + 0x1000, following, scattered, _ => !key.IsUngrouped)
                ?? throw new InvalidOperationException("The code cannot be translated.");
        }
    }

    private IEnumerable<SlotKey> KeysOf(RegionPlan plan)
    {
        using var probe = CodeMemory.Create(CodeSize);
        var translator = new RegionTranslator(new RuntimeCode(probe, setsGsBase: true, hasAvx: true), counts: false);
        translator.Translate(plan, (ulong)probe.Executable + Origin, 0, 0, isShared: false, new NoteStore());
        return translator.Slots.Keys;
    }
}
