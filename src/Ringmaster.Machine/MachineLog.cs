using Microsoft.Extensions.Logging;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine;

/// <summary>What a machine logs.</summary>
internal static partial class MachineLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Engine {Engine}: {Reason}.")]
    internal static partial void ChoseEngine(this ILogger logger, string engine, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "CPUs: {Count}, model {Model}; {Memory} of RAM.")]
    internal static partial void Assembled(this ILogger logger, int count, string model, ByteSize memory);

    [LoggerMessage(Level = LogLevel.Information, Message = "The guest resets the machine.")]
    internal static partial void Resets(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "The run has ended: {Outcome}.")]
    internal static partial void Ended(this ILogger logger, string outcome);
}
