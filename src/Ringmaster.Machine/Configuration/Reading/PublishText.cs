using System.Globalization;
using System.Net;
using Ringmaster.Backends.Network;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads <c>[IP:]HOST:GUEST[/udp]</c>; an IPv6 address stands in brackets.</summary>
internal static class PublishText
{
    private const string Udp = "/udp", Tcp = "/tcp";

    internal static Parsed<PortForward> Read(string text)
    {
        var isUdp = text.EndsWith(Udp, StringComparison.OrdinalIgnoreCase);
        var rest = isUdp || text.EndsWith(Tcp, StringComparison.OrdinalIgnoreCase) ? text[..^Udp.Length] : text;
        var guestAt = rest.LastIndexOf(':');
        var hostAt = guestAt <= 0 ? -1 : rest.LastIndexOf(':', guestAt - 1);
        if (guestAt < 0 || !TryPort(rest[(guestAt + 1)..], out var guest) || !TryPort(rest[(hostAt + 1)..guestAt], out var host))
            return Wrong($"\"{text}\" names no ports. Write [IP:]HOST:GUEST[/udp] with ports from 1 to 65535, for example 8080:80.");
        if (hostAt < 0)
            return new PortForward(IPAddress.Loopback, host, guest, isUdp);
        var address = rest[..hostAt];
        var isVersion6 = address.StartsWith('[') && address.EndsWith(']');
        return IPAddress.TryParse(isVersion6 ? address[1..^1] : address, out var parsed) && address.Contains(isVersion6 ? ':' : '.', StringComparison.Ordinal)
            ? new PortForward(parsed, host, guest, isUdp)
            : Wrong($"\"{address}\" is no IP address of the host. Write one, for example 0.0.0.0:8080:80 or [::1]:8080:80.");
    }

    private static bool TryPort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0;

    private static Parsed<PortForward> Wrong(string problem) => Parsed<PortForward>.Wrong(problem);
}
