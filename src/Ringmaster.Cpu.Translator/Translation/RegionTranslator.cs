using System.Runtime.InteropServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Flags;
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

    /// <summary>An entry is replaced by one store of eight bytes.</summary>
    private const int EntryAlignment = 8;

    /// <summary>Bytes of the look at a page check.</summary>
    private const int PageCheckBytes = 10;

    private readonly RuntimeCode _runtime;
    private readonly HostAssembler _code = new(MostBytes);
    private readonly InstructionEncoder _encoder;
    private readonly InstructionInfoFactory _usage = new();
    private readonly List<ColdPart> _cold = [];
    private readonly List<ExitPoint> _exits = [];
    private readonly List<InstructionPlace> _places = [];
    private readonly List<SourceRun> _sources = [];
    private readonly List<(int Place, HostLabel Unfit)> _unfit = [];
    private readonly Dictionary<SlotKey, int> _slots = [];
    private readonly List<Relocation> _relocations = [];
    private readonly bool _counts;

    private RegionPlan _plan = null!;
    private readonly List<HostLabel> _blocks = [];
    private int _context;
    private int _uncounted;
    private int _block, _blockEnd;
    private int _firstExit;
    private bool _usesVectors;
    private bool _isMovable;

    /// <param name="runtime">The routines that generated code calls.</param>
    /// <param name="counts">Generated code counts the guest's instructions.</param>
    public RegionTranslator(RuntimeCode runtime, bool counts)
    {
        _runtime = runtime;
        _counts = counts;
        _encoder = new InstructionEncoder(_code);
    }

    /// <summary>The code of the last translation; until the next one.</summary>
    public ReadOnlySpan<byte> HostCode => _code.Code;

    /// <summary>The slots of its own that the last translation uses, as places in the area, by the operands that use them.</summary>
    public Dictionary<SlotKey, int> Slots => _slots;

    private bool Is64Bit => _plan.Context.Is64Bit;

    /// <summary>Translates.</summary>
    /// <param name="plan">What.</param>
    /// <param name="origin">Where the code will be executed.</param>
    /// <param name="check">The page check of its page; 0 if there is none.</param>
    /// <param name="firstExit">The number that its first exit will have.</param>
    /// <param name="isShared">Other vCPUs may execute it while its entry is changed.</param>
    /// <param name="notes">Keeps what is known of places in the code.</param>
    /// <returns>The region, or null if the code would be too long.</returns>
    public Region? Translate(RegionPlan plan, ulong origin, int check, int firstExit, bool isShared, NoteStore notes)
    {
        Begin(plan, origin, firstExit);
        // What lies below 4 GiB is not mapped elsewhere in the next process, and has shorter constants.
        _isMovable = check != 0 && Is64Bit && plan.Context.IsUser && !plan.Key.IsUngrouped && plan.Key.Linear > uint.MaxValue;
        var (checkedEntry, entry) = EmitEntry(check, isShared);
        for (var number = 0; number < plan.Blocks.Count; number++)
        {
            if (!TryEmitBlock(number))
                return null;
        }
        for (var i = 0; i < _cold.Count; i++)
        {
            if (!_code.HasRoom(MostBytesPerInstruction))
                return null;
            EmitCold(_cold[i]);
        }
        _uncounted = 0;
        AddPlace(plan.Key.Linear, 0);
        var stale = _code.Length;
        // One that checks operands alone must not lead back to the one that gave up checking them together.
        if (plan.Key.IsUngrouped)
            EmitExit(ExitKind.Interpret, plan.Key.Linear);
        else
            EmitExit(ExitKind.Branch, plan.Key.Linear, linkPlace: (int)(entry - origin) + 1);
        _code.Finish();
        foreach (var (place, unfit) in _unfit)
            _places[place] = _places[place] with { Unfit = _code.PlaceOf(unfit) };
        foreach (var place in _code.OuterDistances)
            _relocations.Add(new Relocation(place, RelocationKind.Distance));
        var following = plan.Instructions.Exists(IsGuarded) ? plan.Following : null;
        return new Region
        {
            Key = plan.Key,
            Code = new RegionCode
            {
                Is64Bit = Is64Bit,
                Length = _code.Length,
                Entry = (int)(entry - origin),
                CheckedEntry = (int)(checkedEntry - origin),
                StaleExit = stale,
                Following = following?.Physical,
                Notes = notes.Keep(CollectionsMarshal.AsSpan(_exits), CollectionsMarshal.AsSpan(_places),
                    _isMovable ? CollectionsMarshal.AsSpan(_relocations) : [], SourcesOf(plan), plan.Key.Physical >> 12),
            },
            Host = origin,
            Check = check,
            FollowingCheck = following?.Check ?? 0,
            FirstExit = firstExit,
        };
    }

    private ReadOnlySpan<SourceRun> SourcesOf(RegionPlan plan)
    {
        _sources.Clear();
        foreach (var block in plan.Blocks)
        {
            var source = new SourceRun(plan.Key.Physical >> 12, (ushort)block.Start, (ushort)Math.Min(plan.Instructions[block.End - 1].End, 0x1000));
            if (!_sources.Contains(source))
                _sources.Add(source);
        }
        foreach (ref readonly var instruction in CollectionsMarshal.AsSpan(plan.Instructions))
        {
            if (IsGuarded(instruction))
                _sources.Add(new SourceRun(plan.Following!.Value.Physical, 0, (ushort)(instruction.End - 0x1000)));
        }
        return CollectionsMarshal.AsSpan(_sources);
    }

    /// <summary>Whether an instruction was translated from bytes of the next page too.</summary>
    private static bool IsGuarded(GuestInstruction instruction) =>
        instruction.Crosses && instruction.Kind is not (InstructionKind.InPlace or InstructionKind.Interpret);

    private void Begin(RegionPlan plan, ulong origin, int firstExit)
    {
        _plan = plan;
        _context = plan.Key.Context;
        _firstExit = firstExit;
        _cold.Clear();
        _exits.Clear();
        _places.Clear();
        _unfit.Clear();
        _slots.Clear();
        _relocations.Clear();
        _code.Start(origin);
        _blocks.Clear();
        foreach (var _ in plan.Blocks)
            _blocks.Add(_code.NewLabel());
        _usesVectors = plan.Instructions.Exists(i => i.UsesVectors);
        FindWaysIn();
    }

    /// <summary>Emits what comes before the first block.</summary>
    /// <returns>Where the region is entered with a look at its page check, and without.</returns>
    private (ulong Checked, ulong Plain) EmitEntry(int check, bool isShared)
    {
        HostLabel load = _code.NewLabel(), plain = _code.NewLabel();
        // The ways round are short enough for JRCXZ.
        if (_usesVectors)
        {
            _code.Bind(load);
            _code.Call(_runtime.LoadVectors);
            _code.JumpShort(plain);
        }
        var checkedEntry = check == 0 ? 0 : EmitPageCheck(check);
        _code.Align(EntryAlignment);
        _code.Bind(plain);
        var entry = _code.Here;
        if (_usesVectors)
        {
            _code.Load32(HostRegister.Rcx, Address.Area(Area.HasVectors));
            _code.JumpIfRcxZero(load);
        }
        else if (isShared)
        {
            // A jump may take its place: no vCPU that was interrupted at the entry must come back into the middle of that.
            _code.Bytes([0x0F, 0x1F, 0x44, 0x00, 0x00]);
        }
        return (check == 0 ? entry : checkedEntry, entry);
    }

    /// <summary>Leaves if the region's page is not known to be mapped as it was.</summary>
    /// <returns>Where this is entered.</returns>
    private ulong EmitPageCheck(int check)
    {
        var unconfirmed = _code.NewLabel();
        _code.Bind(unconfirmed);
        EmitExit(ExitKind.Unconfirmed, _plan.Key.Linear);
        // What follows the look is aligned, without anything to execute in between.
        while (((int)_code.Here + PageCheckBytes) % EntryAlignment != 0)
            _code.Byte(0x90);
        var start = _code.Here;
        _code.Load32(HostRegister.Rcx, Address.Area(Area.PageCheckTable + check * sizeof(uint)));
        _relocations.Add(new Relocation(_code.Length - sizeof(int), RelocationKind.Check));
        _code.JumpIfRcxZero(unconfirmed);
        return start;
    }

    private bool TryEmitBlock(int number)
    {
        var block = _plan.Blocks[number];
        var instructions = CollectionsMarshal.AsSpan(_plan.Instructions);
        _code.Bind(_blocks[number]);
        (_block, _blockEnd) = (number, block.End);
        _recipe = block.RecipeIn;
        _flagsIntact = true;
        HostLabel? behindCrossing = null;
        InheritGroups();
        EmitCount(block);
        TryEmitLoop();
        for (var i = block.First; i < block.End; i++)
        {
            if (!_code.HasRoom(MostBytesPerInstruction))
                return false;
            AddPlace(RipOf(instructions[i]), _uncounted);
            _spilled.Clear();
            PrepareFlags(instructions[i], isLast: i == block.End - 1);
            if (IsGuarded(instructions[i]))
                behindCrossing = EmitGuard(instructions[i]);
            Emit(block, number, instructions[i], i);
            FollowFlags(instructions[i]);
            FollowBases(instructions[i]);
            _uncounted -= IsCounted(instructions[i].Kind) ? 1 : 0;
        }
        if (!_flagsIntact)
            EmitRecipe(HostRegister.Rcx);
        if (behindCrossing is { } behind)
            _code.Bind(behind);
        else
            BequeathGroups();
        // What the interpreter cannot go on behind never comes here.
        if (block.Next is null && instructions[block.End - 1].Kind == InstructionKind.InPlace)
            EmitExit(ExitKind.Poll, RipOf(instructions[block.End - 1]));
        if (block.Next is { } next && !EndsInBranch(instructions[block.End - 1].Kind))
            EmitGoOn(number, next);
        return true;
    }

    private void AddPlace(ulong rip, int uncounted) => _places.Add(new InstructionPlace(_code.Length, unchecked((short)OffsetOf(rip)), checked((short)uncounted)));

    /// <summary>Where a linear address is from the region's.</summary>
    private long OffsetOf(ulong rip) => unchecked((long)(rip - _plan.Key.Linear));

    private ulong RipOf(in GuestInstruction instruction)
    {
        var linear = _plan.Page + (ulong)instruction.Offset;
        return Is64Bit ? linear : (uint)linear;
    }

    private void Emit(GuestBlock block, int blockNumber, in GuestInstruction instruction, int number)
    {
        switch (instruction.Kind)
        {
            case InstructionKind.Interpret:
                EmitExit(ExitKind.Interpret, RipOf(instruction), code: instruction.Iced.Code);
                break;
            case InstructionKind.InPlace:
                EmitInPlace(instruction);
                break;
            case InstructionKind.ClearInterrupt:
                EmitClearInterrupt(instruction);
                break;
            case InstructionKind.SetInterrupt:
                EmitSetInterrupt(instruction, isLast: number == block.End - 1);
                break;
            case InstructionKind.ClearDirection:
                EmitClear(Rflags.Direction);
                break;
            case InstructionKind.PushFlags:
                EmitPushFlags(instruction, number);
                break;
            case InstructionKind.SwapGs:
                EmitSwapGs();
                break;
            case InstructionKind.ReadTimeStamp:
                _code.Call(_runtime.ReadTimeStamp);
                EmitVectorsBack();
                break;
            case InstructionKind.StoreSelector:
                EmitStoreSelector(instruction, number);
                break;
            case InstructionKind.ReadBase:
                EmitReadBase(instruction);
                break;
            case InstructionKind.WriteBase:
                EmitWriteBase(instruction);
                break;
            case InstructionKind.WriteTaskPriority:
                EmitWriteTaskPriority(instruction);
                break;
            case InstructionKind.ReadRegister:
                EmitReadRegister(instruction);
                break;
            case InstructionKind.Plain:
                EmitPlain(instruction, number);
                break;
            case InstructionKind.Nothing:
                break;
            case InstructionKind.SystemCall:
                EmitSystemCall(instruction);
                break;
            case InstructionKind.SystemReturn:
                EmitLevelChange(ExitKind.SystemReturn, instruction, Area.SystemReturnEntry);
                break;
            case InstructionKind.InterruptReturn:
                EmitInterruptReturn(instruction, number);
                break;
            case InstructionKind.RepeatStore or InstructionKind.RepeatMove:
                EmitRepeat(instruction);
                break;
            case InstructionKind.Lea:
                EmitLea(instruction);
                break;
            case InstructionKind.Push:
                EmitPush(instruction, number);
                break;
            case InstructionKind.Pop:
                EmitPop(instruction, number);
                break;
            case InstructionKind.Leave:
                EmitLeave(instruction, number);
                break;
            case InstructionKind.Divide:
                EmitDivide(instruction, number);
                break;
            case InstructionKind.BitString:
                EmitBitString(instruction);
                break;
            case InstructionKind.ConditionalJump:
                EmitConditionalJump(block, blockNumber, instruction);
                break;
            case InstructionKind.Jump:
                EmitJump(block, blockNumber);
                break;
            case InstructionKind.Call:
                EmitCall(block, blockNumber, instruction, number);
                break;
            case InstructionKind.IndirectJump:
                EmitIndirectJump(instruction, number);
                break;
            case InstructionKind.IndirectCall:
                EmitIndirectCall(block, blockNumber, instruction, number);
                break;
            case InstructionKind.Return:
                EmitReturn(instruction, number);
                break;
        }
    }

    private void EmitCold(in ColdPart part)
    {
        _code.Bind(part.Start);
        _uncounted = part.Uncounted;
        // A branch to other code has no operand that could make the host fault.
        if (part.Kind != ColdPartKind.Branch)
            AddPlace(part.Rip, part.Uncounted);
        switch (part.Kind)
        {
            case ColdPartKind.Miss:
                EmitMiss(part);
                break;
            case ColdPartKind.InPlace:
                EmitInPlaceAside(part);
                break;
            case ColdPartKind.Crossing:
                EmitCrossing(part);
                break;
            case ColdPartKind.Unfit:
                EmitRecipe(part.Recipe, HostRegister.Rcx);
                EmitExit(ExitKind.Memory, part.Rip);
                break;
            case ColdPartKind.Branch:
                EmitColdBranch(part);
                break;
            case ColdPartKind.UnknownTarget:
                EmitExit(part.IsReturn ? ExitKind.Return : ExitKind.IndirectBranch, part.Rip);
                break;
        }
    }

    private static bool EndsInBranch(InstructionKind kind) =>
        kind is InstructionKind.ConditionalJump or InstructionKind.Call or InstructionKind.IndirectCall;

    /// <summary>Emits a way out, by the number of which the runtime knows it.</summary>
    private void EmitExit(ExitKind kind, ulong rip, int linkPlace = -1, int checkPlace = -1, Code code = Code.INVALID, bool checksFollowing = false)
    {
        EmitExitNumber(new ExitPoint(kind, OffsetOf(rip))
        {
            Code = code,
            ChecksFollowing = checksFollowing,
            LinkPlace = linkPlace,
            CheckPlace = checkPlace,
            Uncounted = kind is ExitKind.Memory or ExitKind.IndirectBranch or ExitKind.Return or ExitKind.Ungroup || checksFollowing ? _uncounted : 0,
        });
        _code.Jump(_runtime.Exit);
    }

    /// <summary>Adds an exit and leaves its number, by which the runtime knows it, in RCX.</summary>
    private void EmitExitNumber(ExitPoint exit)
    {
        _code.Constant(HostRegister.Rcx, (ulong)(_firstExit + _exits.Count));
        _relocations.Add(new Relocation(_code.Length - sizeof(int), RelocationKind.Exit));
        _exits.Add(exit);
    }

    /// <summary>Loads an address of the guest's that depends on where its code is mapped.</summary>
    private void EmitLinear(HostRegister to, ulong address) => EmitMovable(to, address, RelocationKind.Linear);

    private void EmitMovable(HostRegister to, ulong value, RelocationKind kind)
    {
        if (!_isMovable)
        {
            _code.Constant(to, value);
            return;
        }
        _code.LongConstant(to, value);
        _relocations.Add(new Relocation(_code.Length - sizeof(ulong), kind));
    }

    /// <summary>
    /// Emits a call of the interpreter for one instruction. It has all of the state, and what it leaves is taken up again
    /// behind it.
    /// </summary>
    private void EmitInPlace(in GuestInstruction instruction)
    {
        ForgetGroups();
        EmitInPlaceCall(new ExitPoint(ExitKind.InPlace, OffsetOf(RipOf(instruction)))
        {
            Code = instruction.Iced.Code,
            Uncounted = _uncounted,
            CountsItself = _counts && IsCounted(instruction.Kind),
            Next = instruction.Crosses ? (int)OffsetOf(instruction.Iced.NextIP) : 0,
        });
        EmitVectorsBack();
    }

    /// <summary>Counts a block's instructions ahead, but for those that are left to the interpreter, which does so itself.</summary>
    private void EmitCount(GuestBlock block)
    {
        _uncounted = 0;
        if (!_counts)
            return;
        for (var i = block.First; i < block.End; i++)
            _uncounted += IsCounted(_plan.Instructions[i].Kind) ? 1 : 0;
        if (_uncounted == 0)
            return;
        _code.Load(HostRegister.Rcx, Address.Area(Area.Count));
        _code.Lea(HostRegister.Rcx, Address.At(HostRegister.Rcx, _uncounted));
        _code.Store(Address.Area(Area.Count), HostRegister.Rcx);
    }

    private static bool IsCounted(InstructionKind kind) => kind is not (InstructionKind.Interpret or InstructionKind.InPlace);
}
