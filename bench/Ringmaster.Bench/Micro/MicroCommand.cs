using System.CommandLine;
using System.Diagnostics;
using Ringmaster.Bench.Report;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Interpreter;

namespace Ringmaster.Bench.Micro;

/// <summary>ringmaster bench micro.</summary>
internal static class MicroCommand
{
    // Enough for the runtime to have compiled its best code for what a loop uses.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1.5);

    public static Command Build()
    {
        var runs = new Option<int>("--runs", "-n") { HelpName = "N", Description = "Runs of each loop.", DefaultValueFactory = _ => 5 };
        var length = new Option<double>("--seconds") { HelpName = "SECONDS", Description = "About how long a run takes.", DefaultValueFactory = _ => 0.5 };
        var only = new Option<string>("--only") { HelpName = "LOOP", Description = "One loop." }
            .AcceptOnlyFromAmong([.. Loops.All.Select(l => l.Name)]);
        var output = ReportFormat.Option();
        var command = new Command("micro", "Runs small loops of machine code in an engine and counts instructions a second.") { runs, length, only, output };
        command.SetAction(parsed =>
        {
            var host = HostFacts.Read();
            using var engine = new InterpreterEngine();
            var chosen = Loops.All.Where(l => parsed.GetValue(only) is not { } name || l.Name == name);
            var results = chosen.Select(l => Measure(engine, l, parsed.GetValue(runs), parsed.GetValue(length))).ToList();
            var report = new MicroReport(host, engine.Name, parsed.GetValue(runs), results);
            if (ReportFormat.IsJson(parsed.GetValue(output)))
                Console.Out.WriteLine(ReportFormat.ToJson(report));
            else
                report.WriteText(Console.Out);
        });
        return command;
    }

    private static LoopResult Measure(IEngine engine, Loop loop, int runs, double seconds)
    {
        using var guest = new LoopGuest(engine, loop);
        if (!guest.Counts)
            return new LoopResult(loop.Name, null, null, "the engine does not count instructions");
        var passes = 1000L;
        var elapsed = 0.0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < s_warmUp || elapsed < seconds / 4;)
        {
            if (Once(guest, passes, out elapsed) is null)
                return new LoopResult(loop.Name, null, null, "the engine cannot run it");
            // Towards the wanted length, but not on the word of the first slow runs alone.
            passes = Math.Clamp((long)(passes * seconds / elapsed), passes, passes * 4);
        }
        passes = Math.Max(1, (long)(passes * Math.Min(1, seconds / elapsed)));
        var speeds = new List<(double Instructions, double Passes)>();
        for (var run = 0; run < runs; run++)
        {
            if (Once(guest, passes, out elapsed) is { } instructions)
                speeds.Add((instructions / elapsed, passes / elapsed));
        }
        return new LoopResult(
            loop.Name,
            Spread.Of(speeds.Select(s => s.Instructions / 1e6)),
            loop.BytesCopied == 0 ? null : Spread.Of(speeds.Select(s => s.Passes * loop.BytesCopied / 1048576)),
            null);
    }

    private static long? Once(LoopGuest guest, long passes, out double seconds)
    {
        var watch = Stopwatch.StartNew();
        var succeeded = guest.Run(passes, out var instructions);
        seconds = watch.Elapsed.TotalSeconds;
        return succeeded ? instructions : null;
    }
}
