using System.Net;

namespace Ringmaster.Backends.Network;

/// <summary>The host's name servers, where those that it uses itself are of no use to a guest.</summary>
internal static class HostResolvers
{
    private const string Usual = "/etc/resolv.conf", BehindLocalCache = "/run/systemd/resolve/resolv.conf";

    /// <summary>
    /// Servers to name to a guest in place of the usual ones. systemd-resolved puts itself into the usual file, at a loopback
    /// address that a guest cannot reach, and keeps the true servers in another.
    /// </summary>
    /// <returns>Empty if the usual ones will do, or nothing better is known.</returns>
    internal static IReadOnlyList<IPAddress> Better() => Better(Usual, BehindLocalCache);

    internal static IReadOnlyList<IPAddress> Better(string usual, string behindLocalCache) =>
        Read(usual).Any(server => !IPAddress.IsLoopback(server)) ? [] : [.. Read(behindLocalCache).Where(server => !IPAddress.IsLoopback(server))];

    /// <summary>Reads "nameserver ADDRESS" lines (resolv.conf(5)).</summary>
    private static List<IPAddress> Read(string path)
    {
        try
        {
            return
            [
                .. from line in File.ReadLines(path)
                   let words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
                   where words is ["nameserver", ..] && words.Length > 1
                   let address = IPAddress.TryParse(words[1], out var parsed) ? parsed : null
                   where address is not null
                   select address,
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
