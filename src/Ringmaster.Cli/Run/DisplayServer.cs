using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Ringmaster.Backends.Display;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Run;

/// <summary>The outside of a machine's screen, opened from its description.</summary>
internal static class DisplayServer
{
    /// <summary>Longest password file that is read, in bytes.</summary>
    private const int LongestFile = 4096;

    /// <summary>Opens it.</summary>
    /// <param name="config">What the screen is plugged into.</param>
    /// <param name="environment">Is told where the server listens.</param>
    /// <param name="loggers">Makes the server's logger.</param>
    /// <returns>The server, or null for a machine without a screen.</returns>
    /// <exception cref="UserErrorException">It cannot be opened.</exception>
    internal static VncServer? Open(DisplayConfig config, CliEnvironment environment, ILoggerFactory loggers)
    {
        if (config is not DisplayConfig.Vnc vnc)
            return null;
        var password = vnc.PasswordFile is { } file ? ReadPassword(file) : null;
        var place = vnc.Path ?? vnc.Address!.ToString();
        try
        {
            var address = vnc.Path is { } path ? (EndPoint)new UnixDomainSocketEndPoint(path) : vnc.Address!;
            var server = new VncServer(address, password, loggers.CreateLogger<VncServer>());
            environment.Say($"the screen is at {place}, for VNC clients");
            return server;
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            throw new UserErrorException($"The screen cannot use {place}: {Sentence(error)} Choose another display or path.", error);
        }
    }

    /// <summary>Reads the first line.</summary>
    private static VncPassword ReadPassword(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[LongestFile];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            using var reader = new StreamReader(new MemoryStream(bytes, 0, length));
            return VncPassword.Create(reader.ReadLine() ?? "");
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException($"The first line of {path} is no password for VNC. {Sentence(error)}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The password file {path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The sentence as it was written, without what .NET adds for programmers.</summary>
    private static string Sentence(Exception error) => error.Message.Split(" (Parameter", 2)[0];
}
