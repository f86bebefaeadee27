using Iced.Intel;
using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>What a vCPU counts for statistics.</summary>
internal sealed class TranslatorCounters
{
    /// <summary>Instructions that are listed.</summary>
    private const int MostListed = 12;

    private static readonly string[] s_causes =
    [
        "exits: branch not linked", "exits: page to be confirmed", "exits: run loop wanted", "exits: instruction interpreted", "exits: instruction interpreted in place",
        "exits: indirect branch unknown", "exits: return to an unknown place", "exits: operands apart", "exits: system call", "exits: return from system call", "exits: memory",
    ];

    private readonly long[] _exits = new long[Enum.GetValues<ExitKind>().Length];
    private readonly long[] _interpreted = new long[Enum.GetValues<Code>().Length];

    /// <summary>Blocks that were interpreted.</summary>
    public long Blocks { get; set; }

    /// <summary>Branches that were made to lead straight to their target.</summary>
    public long Links { get; set; }

    /// <summary>Generated code has left, or called the interpreter.</summary>
    public void Left(in ExitPoint exit)
    {
        _exits[(int)exit.Kind]++;
        if (exit.Kind is ExitKind.Interpret or ExitKind.InPlace)
            _interpreted[(int)exit.Code]++;
    }

    /// <summary>Ways out by cause.</summary>
    public IEnumerable<EngineCounter> Exits => Enum.GetValues<ExitKind>().Select(kind => new EngineCounter(s_causes[(int)kind], _exits[(int)kind]));

    /// <summary>Instructions that generated code left to the interpreter most often.</summary>
    public IEnumerable<EngineCounter> Interpreted => Enumerable.Range(1, _interpreted.Length - 1)
        .Where(code => _interpreted[code] != 0)
        .OrderByDescending(code => _interpreted[code])
        .Take(MostListed)
        .Select(code => new EngineCounter($"interpreted: {((Code)code).ToOpCode().ToInstructionString()}", _interpreted[code]));
}
