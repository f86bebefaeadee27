using Ringmaster.Backends.Guests;
using Ringmaster.Firmware.Initramfs;

namespace Ringmaster.Cli.Run;

/// <summary>The guest that runs when the user names none.</summary>
internal static class DefaultGuestFiles
{
    /// <summary>Makes sure that it is in the cache.</summary>
    /// <exception cref="GuestFilesException">It cannot be fetched.</exception>
    internal static DefaultGuest Fetch(GuestFiles files, CancellationToken cancellation) =>
        files.FetchDefault(busybox => new InitramfsBuilder(busybox).Build(), cancellation);
}
