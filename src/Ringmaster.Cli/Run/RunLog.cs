using Microsoft.Extensions.Logging;

namespace Ringmaster.Cli.Run;

/// <summary>What a run logs.</summary>
internal static partial class RunLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image}, command line \"{CommandLine}\".")]
    internal static partial void Starting(this ILogger logger, string? image, string commandLine);
}
