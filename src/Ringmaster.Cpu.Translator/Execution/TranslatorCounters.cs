using Iced.Intel;
using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>What a vCPU counts for statistics.</summary>
internal sealed class TranslatorCounters
{
    private readonly long[] _exits = new long[Enum.GetValues<ExitKind>().Length];
    private readonly long[] _interpreted = new long[Enum.GetValues<Code>().Length];

    /// <summary>Blocks that were interpreted.</summary>
    public long Blocks { get; set; }

    /// <summary>Branches that were made to lead straight to their target.</summary>
    public long Links { get; set; }

    /// <summary>Generated code has left.</summary>
    public void Left(in ExitPoint exit)
    {
        _exits[(int)exit.Kind]++;
        if (exit.Kind is ExitKind.Interpret or ExitKind.InPlace)
            _interpreted[(int)exit.Code]++;
    }

    /// <summary>Ways out by cause.</summary>
    public IEnumerable<(ExitKind Kind, long Count)> Exits =>
        from kind in Enum.GetValues<ExitKind>() where _exits[(int)kind] != 0 select (kind, _exits[(int)kind]);

    /// <summary>Instructions that generated code left to the interpreter, most frequent first.</summary>
    public IEnumerable<(Code Code, long Count)> Interpreted =>
        from code in Enum.GetValues<Code>() where _interpreted[(int)code] != 0 orderby _interpreted[(int)code] descending select (code, _interpreted[(int)code]);
}
