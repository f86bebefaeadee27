using System.CommandLine;
using Ringmaster.Bench;
using Ringmaster.Bench.Boot;
using Ringmaster.Bench.Micro;

var root = new RootCommand("Measures Ringmaster, and its peers beside it.") { BootCommand.Build(), MicroCommand.Build() };
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BenchmarkException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
