using Ringmaster.Backends.Sockets;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Run;

/// <summary>The host's end of a guest's sockets, opened from its description.</summary>
internal static class GuestSockets
{
    /// <summary>Opens it.</summary>
    /// <returns>Null for a machine without.</returns>
    /// <exception cref="UserErrorException">It cannot be opened.</exception>
    internal static UnixVsockBackend? Open(VsockConfig? config)
    {
        if (config is null)
            return null;
        try
        {
            return new UnixVsockBackend(config.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--vsock: {error.Message} Choose another path.", error);
        }
    }
}
