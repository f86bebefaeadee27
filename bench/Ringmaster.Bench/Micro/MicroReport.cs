using Ringmaster.Bench.Report;

namespace Ringmaster.Bench.Micro;

/// <summary>The outcome of the loops.</summary>
/// <param name="Host">Where they ran.</param>
/// <param name="Engine">What ran them.</param>
/// <param name="Runs">How often each.</param>
/// <param name="Loops">Their results.</param>
internal sealed record MicroReport(HostFacts Host, string Engine, int Runs, IReadOnlyList<LoopResult> Loops)
{
    public void WriteText(TextWriter writer)
    {
        writer.WriteLine($"host     {Host}");
        writer.WriteLine($"engine   {Engine}");
        writer.WriteLine($"figures  median (least-most) of {Runs} runs; MIPS is million guest instructions a second, MiB/s what string instructions copy");
        writer.WriteLine();
        TextTable.Write(writer,
        [
            ["loop", "MIPS", "MiB/s"],
            .. Loops.Select(l => (string[])[l.Name, l.Mips?.ToString("0.0") ?? l.Failure!, l.CopiedMebibytes?.ToString("0") ?? ""]),
        ]);
    }
}
