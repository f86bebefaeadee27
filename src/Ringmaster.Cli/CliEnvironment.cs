using Ringmaster.Host.Files;
using Ringmaster.Machine;

namespace Ringmaster.Cli;

/// <summary>What the program is surrounded by; tests put in their own.</summary>
/// <param name="Out">For results.</param>
/// <param name="Error">For messages to people.</param>
/// <param name="Input">Where the guest's first serial port reads.</param>
/// <param name="Output">Where the guest's first serial port writes.</param>
/// <param name="CreateMachine">Assembles machines.</param>
internal sealed record CliEnvironment(
    TextWriter Out,
    TextWriter Error,
    FileDescriptor Input,
    FileDescriptor Output,
    MachineFactory CreateMachine)
{
    /// <summary>Prints a message for people; each of its lines says where it comes from.</summary>
    internal void Say(string message)
    {
        foreach (var line in message.Split('\n'))
            Error.WriteLine($"ringmaster: {line}");
    }
}
