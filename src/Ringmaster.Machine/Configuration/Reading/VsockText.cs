using System.Globalization;
using Ringmaster.Devices.Virtio.Vsock;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads <c>path=PATH[,cid=N]</c>.</summary>
internal static class VsockText
{
    private const string CidKey = "cid", PathKey = "path";

    // A port's number follows the path, and the whole is a socket's name, of which there are 107 bytes.
    private const int LongestPath = 96;

    internal static Parsed<VsockConfig> Read(OptionText reader, string text)
    {
        ulong? cid = null;
        string? path = null;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var (key, value) = OptionText.Split(part);
            if (key is not (CidKey or PathKey))
                return Parsed<VsockConfig>.Wrong($"Sockets have no setting \"{key}\".{Spelling.Suggestion(key, [CidKey, PathKey])} Write path=PATH,cid=N.");
            if (key == CidKey ? cid is not null : path is not null)
                return Parsed<VsockConfig>.Wrong($"\"{key}\" is given twice. Leave one out.");
            if (key == PathKey)
                path = string.IsNullOrEmpty(value) ? null : reader.Absolute(value);
            else if (ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= VirtioVsock.LeastCid and <= VirtioVsock.MostCid)
                cid = number;
            else
                return Parsed<VsockConfig>.Wrong($"\"{value}\" is no number of a guest. Write one from {VirtioVsock.LeastCid} to {VirtioVsock.MostCid}.");
        }
        if (path is null)
            return Parsed<VsockConfig>.Wrong("Sockets need a place on the host. Write path=PATH.");
        return System.Text.Encoding.UTF8.GetByteCount(path) <= LongestPath
            ? new VsockConfig(cid ?? VirtioVsock.LeastCid, path)
            : Parsed<VsockConfig>.Wrong($"{path} is too long for a socket. Choose a path of at most {LongestPath} bytes.");
    }
}
