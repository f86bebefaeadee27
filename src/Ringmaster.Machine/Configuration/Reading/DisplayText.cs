using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ringmaster.Backends.Display;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>
/// Reads what the screen is plugged into: <c>none</c>, <c>vnc=:1</c>, <c>vnc=0.0.0.0:1,password-file=PATH</c>, <c>vnc=unix:PATH</c>.
/// </summary>
internal static class DisplayText
{
    private const string None = "none", Vnc = "vnc", UnixPrefix = "unix:", PasswordFile = "password-file", LocalName = "localhost";
    private const int LastDisplay = IPEndPoint.MaxPort - VncServer.FirstPort;

    internal static Parsed<DisplayConfig> Read(OptionText reader, string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var (name, where) = OptionText.Split(parts[0]);
        if (!OptionText.Choice("display", name, (None, None), (Vnc, Vnc)).TryGet(out var kind, out var problem))
            return Parsed<DisplayConfig>.Wrong(problem);
        if (kind == None)
        {
            return where is null && parts.Length == 1
                ? new DisplayConfig.None()
                : Parsed<DisplayConfig>.Wrong($"\"{None}\" takes nothing more. Write only {None}.");
        }
        if (string.IsNullOrEmpty(where))
            return Parsed<DisplayConfig>.Wrong($"\"{Vnc}\" needs the number of a display: {Vnc}=:1 for port {VncServer.FirstPort + 1}.");
        string? passwordFile = null;
        foreach (var part in parts.Skip(1))
        {
            var (key, value) = OptionText.Split(part);
            if (key != PasswordFile)
                return Parsed<DisplayConfig>.Wrong($"{Vnc} has no property \"{key}\".{Spelling.Suggestion(key, [PasswordFile])}");
            if (passwordFile is not null)
                return Parsed<DisplayConfig>.Wrong($"\"{key}\" is given twice. Leave one out.");
            if (!reader.ExistingFile(value ?? "").TryGet(out passwordFile, out problem))
                return Parsed<DisplayConfig>.Wrong(problem);
        }
        return Place(reader, where, passwordFile);
    }

    private static Parsed<DisplayConfig> Place(OptionText reader, string where, string? passwordFile)
    {
        if (where.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            return where.Length == UnixPrefix.Length
                ? Parsed<DisplayConfig>.Wrong($"\"{UnixPrefix}\" needs a path: {Vnc}={UnixPrefix}PATH.")
                : new DisplayConfig.Vnc(null, reader.Absolute(where[UnixPrefix.Length..]), passwordFile);
        }
        var colon = where.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(where.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var display)
            || display > LastDisplay)
        {
            return Parsed<DisplayConfig>.Wrong(
                $"\"{where}\" does not end in the number of a display. Write for example {Vnc}=:1 for port {VncServer.FirstPort + 1}.");
        }
        if (!TryAddress(where[..colon], out var address))
            return Parsed<DisplayConfig>.Wrong($"\"{where[..colon]}\" is no address. Write one of this host's, for example {Vnc}=127.0.0.1:1.");
        var place = new IPEndPoint(address, VncServer.FirstPort + display);
        return VncServer.NeedsPassword(place) && passwordFile is null
            ? Parsed<DisplayConfig>.Wrong(
                $"Everybody who reaches {address} could use the machine. Add {PasswordFile}=PATH, or leave the address out to listen on this host only.")
            : new DisplayConfig.Vnc(place, null, passwordFile);
    }

    private static bool TryAddress(string text, out IPAddress address)
    {
        address = IPAddress.Loopback;
        if (text.Length == 0 || text.Equals(LocalName, StringComparison.OrdinalIgnoreCase))
            return true;
        var isBracketed = text.Length > 2 && text[0] == '[' && text[^1] == ']';
        if (!IPAddress.TryParse(isBracketed ? text[1..^1] : text, out var parsed))
            return false;
        address = parsed;
        // An IPv6 address ends in brackets, so that its colons are not the display's; a lone number is no address that somebody means.
        return isBracketed == (parsed.AddressFamily == AddressFamily.InterNetworkV6) && (isBracketed || text.Count(c => c == '.') == 3);
    }
}
