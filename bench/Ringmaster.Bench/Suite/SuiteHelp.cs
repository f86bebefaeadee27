using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ringmaster.Bench.Suite;

/// <summary>The standard help, and behind it how to use the benchmarks.</summary>
internal sealed class SuiteHelp(HelpAction standard) : SynchronousCommandLineAction
{
    private const string Lesson = """
        Measured is the same work on the host, in QEMU (its TCG, or KVM) and in each engine, alternating, so that ratios hold even on a busy
        host. Compare runs on an idle one. Groups for --only: integer, float, memory, system, boot, disk, network, cpus, exits,
        nano, and debian, which is left out otherwise and takes root once; --list names the programs in them. Exit code 0: all is well;
        1: something failed or gave a wrong result; 2: it could not start.

        Examples:
          ringmaster bench                                  everything; some seven minutes
          ringmaster bench --quick                          everything, roughly; some three minutes
          ringmaster bench --only float,fib --runs 9        the programs of a group, and one more
          ringmaster bench --engines translator -o json     one engine beside QEMU and the host, for a program to read
          ringmaster bench micro                            loops of machine code inside an engine, instructions a second

        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = standard.Invoke(parseResult);
        if (parseResult.CommandResult.Command is RootCommand)
            parseResult.InvocationConfiguration.Output.Write(Lesson);
        return code;
    }
}
