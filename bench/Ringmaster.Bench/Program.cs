using System.CommandLine;
using System.CommandLine.Help;
using Ringmaster.Backends.Guests;
using Ringmaster.Bench;
using Ringmaster.Bench.Micro;
using Ringmaster.Bench.Suite;

var root = new RootCommand("Measures Ringmaster's engines beside QEMU and the host itself.") { MicroCommand.Build() };
SuiteCommand.AddTo(root);
foreach (var help in root.Options.OfType<HelpOption>())
{
    if (help.Action is HelpAction standard)
        help.Action = new SuiteHelp(standard);
}
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
}
catch (Exception error) when (error is BenchmarkException or GuestFilesException)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("\nInterrupted.");
    return 130;
}
