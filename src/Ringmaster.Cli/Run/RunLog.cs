using Microsoft.Extensions.Logging;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Run;

/// <summary>What a run logs.</summary>
internal static partial class RunLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Starting {Image} with {Memory} of RAM, engine {Engine}.")]
    internal static partial void Starting(this ILogger logger, string? image, ByteSize memory, EngineChoice engine);
}
