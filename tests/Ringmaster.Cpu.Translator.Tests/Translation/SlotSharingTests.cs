using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Tests.Execution;
using Ringmaster.Cpu.Translator.Translation;

namespace Ringmaster.Cpu.Translator.Tests.Translation;

/// <summary>Who gets a slot once there are more operands than slots.</summary>
public sealed unsafe class SlotSharingTests : IDisposable
{
    private const ulong Linear = 0x40_1000;

    private static readonly Instruction[] s_once = [Instruction.Create(Code.Mov_r64_rm64, Register.RAX, new MemoryOperand(Register.RDI))];

    private static readonly Instruction[] s_again =
    [
        Instruction.Create(Code.Mov_r64_rm64, Register.RDI, new MemoryOperand(Register.RDI)),
        Instruction.Create(Code.Test_rm64_r64, Register.RDI, Register.RDI),
        Instruction.CreateBranch(Code.Jne_rel8_64, Linear),
    ];

    private readonly HostRun _host = new();
    private readonly RegionPlanner _planner = new(new InstructionClassifier(TestModel.Instructions, HandlerTable.Create(), TestModel.Instructions), DecoderOptions.None);
    private readonly RegionTranslator _translator;

    public SlotSharingTests() => _translator = new RegionTranslator(_host.Runtime, counts: false);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Operands_that_are_used_once_get_slots_of_their_own_or_none()
    {
        var places = new HashSet<int>();
        int place;
        while ((place = SlotOf(s_once)) != 0)
            Assert.True(places.Add(place), "Two operands have the same slot.");

        Assert.InRange(places.Count, 100, Area.Slots / 2);
        Assert.Equal(0, SlotOf(s_once));
    }

    [Fact]
    public void Loops_share_slots_that_are_taken()
    {
        while (SlotOf(s_once) != 0)
        {
        }

        Assert.NotEqual(0, SlotOf(s_again));
    }

    [Fact]
    public void A_code_cache_that_is_cleared_gives_all_slots_back()
    {
        while (SlotOf(s_once) != 0)
        {
        }

        _translator.ForgetSlots();

        Assert.NotEqual(0, SlotOf(s_once));
    }

    /// <summary>The slot that a region's only operand gets when it is translated; 0 for none.</summary>
    private int SlotOf(ReadOnlySpan<Instruction> instructions)
    {
        var page = new byte[0x2000];
        Array.Fill(page, (byte)0xF4);
        var bytes = new MemoryStream();
        var encoder = Encoder.Create(64, new StreamCodeWriter(bytes));
        foreach (var instruction in instructions)
            encoder.Encode(instruction, Linear + (ulong)bytes.Length);
        bytes.ToArray().CopyTo(page, 0);
        fixed (byte* code = page)
        {
            var plan = _planner.Plan(new RegionKey(0x1000, Linear, 0), new TranslationContext(2, MmuMode.User, uint.MaxValue, 0, true, false), code, null, null, null, _ => true)!;
            Assert.NotNull(_translator.Translate(plan, _host.Origin, 0, 0, isShared: false, new NoteStore()));
        }
        return _translator.Slots.Values.SingleOrDefault();
    }
}
