using System.Runtime.InteropServices;
using Iced.Intel;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Runtime;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// Turns a plan into host code. The parts: memory operands (RegionTranslator.Memory), instructions that run as themselves
/// (RegionTranslator.Plain), the stack (RegionTranslator.Stack), branches (RegionTranslator.Branches), flags
/// (RegionTranslator.Flags), division (RegionTranslator.Divide).
/// </summary>
/// <remarks>
/// What is hardly ever executed goes behind all blocks: the ways out and what follows a failed check. Such code is put off as a
/// <see cref="ColdPart"/>.
/// </remarks>
internal sealed partial class RegionTranslator
{
    private const int MostBytes = 256 * 1024;
    private const int MostBytesPerInstruction = 512;

    private readonly RuntimeCode _runtime;
    private readonly HostAssembler _code = new(MostBytes);
    private readonly InstructionEncoder _encoder;
    private readonly InstructionInfoFactory _usage = new();
    private readonly List<ColdPart> _cold = [];
    private readonly List<ExitPoint> _exits = [];
    private readonly List<InstructionPlace> _places = [];
    private readonly Dictionary<SlotKey, int> _slots = [];
    private readonly bool _counts;

    private RegionPlan _plan = null!;
    private HostLabel[] _blocks = [];
    private FlagRecipe _recipe;
    private int _context;
    private int _lastReadSlot;
    private int _lastWriteSlot;
    private int _uncounted;

    /// <param name="runtime">The routines that generated code calls.</param>
    /// <param name="counts">Generated code counts the guest's instructions.</param>
    public RegionTranslator(RuntimeCode runtime, bool counts)
    {
        _runtime = runtime;
        _counts = counts;
        _encoder = new InstructionEncoder(_code);
    }

    private bool Is64Bit => _plan.Context.Is64Bit;

    /// <summary>Translates.</summary>
    /// <param name="plan">What.</param>
    /// <param name="origin">Where the code will be executed.</param>
    /// <param name="code">The code.</param>
    /// <returns>The region, or null if the code would be too long.</returns>
    public Region? Translate(RegionPlan plan, ulong origin, out ReadOnlySpan<byte> code)
    {
        code = default;
        _plan = plan;
        _context = plan.Key.Context;
        _cold.Clear();
        _exits.Clear();
        _places.Clear();
        _slots.Clear();
        _code.Start(origin);
        _blocks = [.. plan.Blocks.Select(_ => _code.NewLabel())];
        if (UsesVectors())
        {
            // Entered below; the way round is short enough for JRCXZ.
            var load = _code.NewLabel();
            _code.Bind(load);
            _code.Call(_runtime.LoadVectors);
            _code.Align(8);
            var entry = _code.Here;
            _code.Load32(HostRegister.Rcx, Address.Area(Area.HasVectors));
            _code.JumpIfRcxZero(load);
            return Emit(origin, entry, out code);
        }
        _code.Align(8);
        return Emit(origin, _code.Here, out code);
    }

    private Region? Emit(ulong origin, ulong entry, out ReadOnlySpan<byte> code)
    {
        code = default;
        var instructions = CollectionsMarshal.AsSpan(_plan.Instructions);
        for (var number = 0; number < _plan.Blocks.Count; number++)
        {
            var block = _plan.Blocks[number];
            _code.Bind(_blocks[number]);
            _recipe = FlagRecipe.None;
            _flagsIntact = true;
            EmitCount(block, instructions[block.End - 1].Kind);
            for (var i = block.First; i < block.End; i++)
            {
                if (!_code.HasRoom(MostBytesPerInstruction))
                    return null;
                _places.Add(new InstructionPlace(_code.Length, RipOf(instructions[i]), _uncounted));
                PrepareFlags(instructions[i], isLast: i == block.End - 1);
                Emit(block, number, instructions[i]);
                UpdateRecipe(instructions[i]);
                _uncounted--;
            }
            if (!_flagsIntact)
                EmitRecipe();
            if (block.Next is { } next && instructions[block.End - 1].Kind != InstructionKind.ConditionalJump)
                EmitGoOn(number, next);
        }
        for (var i = 0; i < _cold.Count; i++)
        {
            if (!_code.HasRoom(MostBytesPerInstruction))
                return null;
            EmitCold(_cold[i]);
        }
        _uncounted = 0;
        _places.Add(new InstructionPlace(_code.Length, _plan.Key.Linear, 0));
        var stale = EmitExit(ExitKind.Branch, _plan.Key.Linear, linkPlace: (int)(entry - origin) + 1);
        _code.Finish();
        _exits.Sort(static (a, b) => a.Place.CompareTo(b.Place));
        code = _code.Code;
        return new Region
        {
            Key = _plan.Key,
            Host = origin,
            Entry = entry,
            Length = _code.Length,
            StaleExit = origin + (ulong)stale,
            Exits = [.. _exits],
            Instructions = [.. _places],
            Source = [.. _plan.Blocks.Select(b => (b.Start, _plan.Instructions[b.End - 1].End))],
        };
    }

    private ulong RipOf(in GuestInstruction instruction)
    {
        var linear = _plan.Page + (ulong)instruction.Offset;
        return Is64Bit ? linear : (uint)linear;
    }

    private void Emit(GuestBlock block, int number, in GuestInstruction instruction)
    {
        switch (instruction.Kind)
        {
            case InstructionKind.Interpret:
                EmitExit(ExitKind.Interpret, RipOf(instruction));
                break;
            case InstructionKind.Plain:
                EmitPlain(instruction);
                break;
            case InstructionKind.Nothing:
                break;
            case InstructionKind.Lea:
                EmitLea(instruction);
                break;
            case InstructionKind.Push:
                EmitPush(instruction);
                break;
            case InstructionKind.Pop:
                EmitPop(instruction);
                break;
            case InstructionKind.Leave:
                EmitLeave(instruction);
                break;
            case InstructionKind.Divide:
                EmitDivide(instruction);
                break;
            case InstructionKind.ConditionalJump:
                EmitConditionalJump(block, number, instruction);
                break;
            case InstructionKind.Jump:
                EmitJump(block, number);
                break;
            case InstructionKind.Call:
                EmitCall(block, number, instruction);
                break;
            case InstructionKind.IndirectJump:
                EmitIndirectJump(instruction);
                break;
            case InstructionKind.IndirectCall:
                EmitIndirectCall(instruction);
                break;
            case InstructionKind.Return:
                EmitReturn(instruction);
                break;
        }
    }

    private bool UsesVectors()
    {
        foreach (ref readonly var instruction in CollectionsMarshal.AsSpan(_plan.Instructions))
        {
            if (instruction.UsesVectors)
                return true;
        }
        return false;
    }

    /// <summary>Emits a call of the exit routine.</summary>
    /// <returns>The place of the call.</returns>
    private int EmitExit(ExitKind kind, ulong rip, int linkPlace = -1, int checkPlace = -1)
    {
        var place = _code.Length;
        _code.Call(_runtime.Exit);
        _exits.Add(new ExitPoint(_code.Length, kind, rip)
        {
            LinkPlace = linkPlace,
            CheckPlace = checkPlace,
            Uncounted = kind is ExitKind.Memory or ExitKind.IndirectBranch ? _uncounted : 0,
        });
        return place;
    }

    /// <summary>Counts a block's instructions ahead, but for one that is left to the interpreter.</summary>
    private void EmitCount(GuestBlock block, InstructionKind last)
    {
        if (!_counts)
            return;
        _uncounted = block.End - block.First - (last == InstructionKind.Interpret ? 1 : 0);
        _code.Load(HostRegister.Rcx, Address.Area(Area.Count));
        _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, _uncounted));
        _code.Store(Address.Area(Area.Count), HostRegister.Rcx);
    }
}
