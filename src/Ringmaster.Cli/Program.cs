using Ringmaster.Cli;
using Ringmaster.Host.Files;
using Ringmaster.Machine;

var environment = new CliEnvironment(Console.Out, Console.Error, FileDescriptor.StandardInput, FileDescriptor.StandardOutput,
    VirtualMachine.Create);
var application = new Application(environment);
AppDomain.CurrentDomain.UnhandledException += (_, fault) =>
{
    // A thread other than the main one failed. Ending here keeps the runtime from printing a stack trace by itself;
    // handlers of ProcessExit put the terminal back.
    Environment.Exit(application.ReportFault((Exception)fault.ExceptionObject, Application.IsVerbose(args)));
};
return application.Run(args);
