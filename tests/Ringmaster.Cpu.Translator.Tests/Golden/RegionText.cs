using System.Text;
using Iced.Intel;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Runtime;
using Ringmaster.Cpu.Translator.Tests.Cache;

namespace Ringmaster.Cpu.Translator.Tests.Golden;

/// <summary>
/// A translation as text that says nothing of where things are: branches lead to labels and routines by name, fields of the
/// vCPU's area have names, exits are shown as what they are.
/// </summary>
internal sealed class RegionText : ISymbolResolver
{
    private readonly TranslatedCase _case;
    private readonly Dictionary<ulong, string> _routines;
    private readonly SortedDictionary<ulong, string> _labels = [];
    private readonly StringBuilder _text = new();
    private readonly NasmFormatter _formatter;

    private RegionText(TranslatedCase translated)
    {
        _case = translated;
        _routines = RoutinesOf(translated.Runtime);
        _formatter = new NasmFormatter(this) { Options = { SpaceAfterOperandSeparator = true, HexPrefix = "0x", HexSuffix = "", UppercaseHex = false, SmallHexNumbersInDecimal = true, ShowBranchSize = false, RipRelativeAddresses = false } };
    }

    /// <summary>The text of a translation.</summary>
    public static string Of(TranslatedCase translated) => new RegionText(translated).Write();

    private string Write()
    {
        var guest = new NasmFormatter { Options = { SpaceAfterOperandSeparator = true, HexPrefix = "0x", HexSuffix = "", UppercaseHex = false, ShowBranchSize = false, BranchLeadingZeros = false } };
        var output = new StringOutput();
        var texts = new Dictionary<ulong, string>();
        var plan = _case.Plan;
        _text.Append($"; {_case.Golden.Kind}{(_case.Golden.Counts ? ", counting" : "")}{(_case.Golden.IsUngrouped ? ", each operand alone" : "")}\n");
        foreach (var instruction in plan.Instructions.DistinctBy(i => i.Offset).OrderBy(i => i.Offset))
        {
            guest.Format(instruction.Iced, output);
            var text = output.ToStringAndReset();
            texts[plan.Page + (ulong)instruction.Offset] = text;
            _text.Append($"; +{instruction.Offset:x3}  {text,-40} {instruction.Kind}\n");
        }
        var code = Decode();
        FindLabels(code);
        var places = _case.Region.Code.Notes.AllPlaces().ToLookup(p => p.Place, p => _case.Region.RipAt(p.Offset));
        for (var i = 0; i < code.Count; i++)
        {
            var place = (int)(code[i].IP - _case.Region.Host);
            foreach (var rip in places[place])
                _text.Append($"\n; +{rip - plan.Page:x3}  {texts.GetValueOrDefault(rip, "")}\n");
            if (_labels.TryGetValue(code[i].IP, out var label))
                _text.Append(label).Append(":\n");
            _text.Append("    ").Append(TextOf(code, i, output)).Append('\n');
        }
        return _text.ToString();
    }

    private List<Instruction> Decode()
    {
        var decoded = new List<Instruction>();
        var decoder = Iced.Intel.Decoder.Create(64, new ByteArrayCodeReader(_case.Code), _case.Region.Host);
        while (decoder.IP < _case.Region.Host + (ulong)_case.Code.Length)
        {
            decoder.Decode(out var instruction);
            if (instruction.IsInvalid)
                throw new InvalidOperationException($"There is no instruction in the generated code at 0x{instruction.IP - _case.Region.Host:x}.");
            decoded.Add(instruction);
        }
        return decoded;
    }

    private void FindLabels(List<Instruction> code)
    {
        foreach (var instruction in code)
        {
            if (Inside(TargetOf(instruction)))
                _labels[TargetOf(instruction)] = "";
        }
        var number = 0;
        foreach (var address in _labels.Keys.ToList())
            _labels[address] = $"L{++number}";
        _labels[_case.Region.Entry] = "entry";
        _labels[_case.Region.StaleExit] = "stale";
    }

    private string TextOf(List<Instruction> code, int number, StringOutput output)
    {
        var instruction = code[number];
        _formatter.Format(instruction, output);
        var text = output.ToStringAndReset();
        var next = number + 1;
        var routine = next < code.Count ? _routines.GetValueOrDefault(TargetOf(code[next]), "") : "";
        while (routine.Length == 0 && next + 1 < code.Count && code[next].Code == Code.Pushq_imm32)
            routine = _routines.GetValueOrDefault(TargetOf(code[++next]), "");
        if (instruction.Code == Code.Pushq_imm32 && IsAskedToFill(routine))
            return $"push {Request(new FillRequest(instruction.Immediate32))}";
        return routine is nameof(RuntimeCode.InPlace) or nameof(RuntimeCode.Exit) or nameof(RuntimeCode.InterruptReturn) ? $"mov ecx, exit    ; {Exit((int)instruction.Immediate32)}" : text;
    }

    private static bool IsAskedToFill(string routine) => routine.StartsWith("Slow", StringComparison.Ordinal)
        || routine.StartsWith("Direct", StringComparison.Ordinal) || routine.StartsWith("Repeat", StringComparison.Ordinal);

    private string Exit(int number)
    {
        var exit = _case.Region.Code.Notes.ExitAt(number);
        var offset = unchecked((long)(_case.Region.RipAt(exit.Offset) - _case.Plan.Page));
        return $"{exit.Kind} {(offset < 0 ? "-" : "+")}{Math.Abs(offset):x3}{(exit.Uncounted == 0 || !_case.Golden.Counts ? "" : $", {exit.Uncounted} not counted")}";
    }

    private static string Request(FillRequest request) =>
        $"fill({(request.HasSlot ? AreaNames.SlotAt(request.Slot) : "no slot")}, {(request.IsGroup ? "group of " : "")}{request.Size} {(request.Size == 1 ? "byte" : "bytes")}, {(request.Writes ? "store" : "load")}, margin {request.Margin})";

    bool ISymbolResolver.TryGetSymbol(in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize, out SymbolResult symbol)
    {
        symbol = default;
        var name = instructionOperand < 0 ? null : instruction.GetOpKind(instructionOperand) switch
        {
            OpKind.NearBranch64 => _labels.GetValueOrDefault(address) ?? _routines[address],
            OpKind.Memory when instruction.IsIPRelativeMemoryOperand => _labels.GetValueOrDefault(address),
            OpKind.Memory when instruction.SegmentPrefix == Register.GS => AreaNames.Of((int)address),
            _ => null,
        };
        if (name is null)
            return false;
        symbol = new SymbolResult(address, name);
        return true;
    }

    private bool Inside(ulong address) => address - _case.Region.Host < (ulong)_case.Code.Length;

    private static ulong TargetOf(in Instruction instruction) =>
        instruction.Op0Kind == OpKind.NearBranch64 ? instruction.NearBranchTarget : 0;

    private static Dictionary<ulong, string> RoutinesOf(RuntimeCode runtime)
    {
        var routines = new Dictionary<ulong, string>
        {
            [runtime.Exit] = nameof(RuntimeCode.Exit),
            [runtime.InPlace] = nameof(RuntimeCode.InPlace),
            [runtime.InterruptReturn] = nameof(RuntimeCode.InterruptReturn),
            [runtime.ReadTimeStamp] = nameof(RuntimeCode.ReadTimeStamp),
            [runtime.LoadVectors] = nameof(RuntimeCode.LoadVectors),
            [runtime.SaveVectors] = nameof(RuntimeCode.SaveVectors),
            [runtime.DirectMiss] = nameof(RuntimeCode.DirectMiss),
            [runtime.DirectMissKeepingFlags] = nameof(RuntimeCode.DirectMissKeepingFlags),
        };
        for (var mode = 0; mode < Area.TlbModes; mode++)
        {
            foreach (var writes in (bool[])[false, true])
            {
                foreach (var keepsFlags in (bool[])[false, true])
                    routines[runtime.Slow(mode, writes, keepsFlags)] = $"Slow{mode}{(writes ? "Store" : "Load")}{(keepsFlags ? "KeepingFlags" : "")}";
            }
            for (var size = 1; size <= 8; size *= 2)
            {
                routines[runtime.Repeat(mode, size, moves: false)] = $"Repeat{mode}Store{size}";
                routines[runtime.Repeat(mode, size, moves: true)] = $"Repeat{mode}Move{size}";
            }
        }
        return routines;
    }
}
