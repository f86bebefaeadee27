using Ringmaster.Cli;
using Ringmaster.Host.Files;
using Ringmaster.Machine;

// Console.Out and Console.Error would write control sequences to a terminal and change its modes, which belong to the guest.
using var results = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
using var messages = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
var environment = new CliEnvironment(results, TextWriter.Synchronized(messages), FileDescriptor.StandardInput, FileDescriptor.StandardOutput,
    VirtualMachine.Create);
var application = new Application(environment);
AppDomain.CurrentDomain.UnhandledException += (_, fault) =>
{
    // A thread other than the main one failed. Ending here keeps the runtime from printing a stack trace by itself;
    // handlers of ProcessExit put the terminal back.
    Environment.Exit(application.ReportFault((Exception)fault.ExceptionObject, Application.IsVerbose(args)));
};
return application.Run(args);

/// <summary>The entry point; nobody else's.</summary>
internal sealed partial class Program;
