using Microsoft.Extensions.Logging;

namespace Ringmaster.Backends.Display;

/// <summary>What the VNC server logs.</summary>
internal static partial class VncLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Peer} looks at the screen.")]
    internal static partial void Accepted(this ILogger logger, string peer);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Peer} has gone.")]
    internal static partial void Gone(this ILogger logger, string peer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Peer} was sent away: {Reason}.")]
    internal static partial void SentAway(this ILogger logger, string peer, string reason);
}
