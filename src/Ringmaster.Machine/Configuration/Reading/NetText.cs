using System.Globalization;
using System.Net;
using System.Text;
using Ringmaster.Devices.Network;
using Ringmaster.Host.Network;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads <c>user</c>, <c>tap=NAME</c>, <c>socket=PATH</c> or <c>none</c>, and the settings behind it.</summary>
internal static class NetText
{
    private const string Id = "id", Mac = "mac", Model = "model", Mtu = "mtu", Dns = "dns", Loopback = "loopback", Bridge = "bridge", Script = "script";

    internal static Parsed<NetConfig> Read(OptionText reader, string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var (name, target) = OptionText.Split(parts[0]);
        var kind = OptionText.Choice(
            "network", name, ("user", NetKind.User), ("tap", NetKind.Tap), ("socket", NetKind.Switch), ("none", NetKind.None));
        if (!kind.TryGet(out var value, out var problem))
            return Wrong(problem);
        var what = value switch { NetKind.Tap => "NAME", NetKind.Switch => "PATH", _ => null };
        if (what is null != target is null || target is "")
            return Wrong(what is null ? $"\"{name}\" takes no value. Write only {name}." : $"\"{name}\" needs a value: {name}={what}.");
        if (value == NetKind.Tap && !IsInterfaceName(target!))
            return Wrong($"\"{target}\" is no name of an interface. Write at most {TapDevice.LongestName} letters and digits, for example tap0.");
        Parsed<NetConfig> config = new NetConfig(value, value == NetKind.Switch ? reader.Absolute(target!) : target);
        var given = new HashSet<string>();
        foreach (var part in parts.Skip(1))
        {
            var (key, setting) = OptionText.Split(part);
            var known = Known(value);
            if (!known.Contains(key))
                return Wrong($"\"{name}\" has no setting \"{key}\".{Spelling.Suggestion(key, known)}");
            if (string.IsNullOrEmpty(setting))
                return Wrong($"\"{part}\" has no value. Write {key}=VALUE.");
            if (!given.Add(key) && key != Dns)
                return Wrong($"\"{key}\" is given twice. Leave one out.");
            if (!config.TryGet(out var before, out _))
                return config;
            config = Apply(reader, before, key, setting);
        }
        return config;
    }

    private static string[] Known(NetKind kind) => kind switch
    {
        NetKind.User => [Id, Mac, Model, Mtu, Dns, Loopback],
        NetKind.Tap => [Id, Mac, Model, Mtu, Bridge, Script],
        NetKind.Switch => [Id, Mac, Model, Mtu],
        _ => [],
    };

    private static Parsed<NetConfig> Apply(OptionText reader, NetConfig config, string key, string value)
    {
        string? problem;
        switch (key)
        {
            case Id:
                return OptionText.Id(value).TryGet(out var id, out problem) ? config with { Id = id } : Wrong(problem);
            case Mac:
                return MacAddress.TryParse(value, out var mac) && !mac.IsGroup && mac != default
                    ? config with { Mac = mac }
                    : Wrong($"\"{value}\" is no address of a device. Write six bytes of which the first is even, for example mac=52:54:00:12:34:56.");
            case Model:
                return OptionText.Choice("network device", value, ("virtio", NetModel.Virtio), ("e1000", NetModel.E1000)).TryGet(out var model, out problem)
                    ? config with { Model = model }
                    : Wrong(problem);
            case Mtu:
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var mtu) && mtu is >= NetConfig.LeastMtu and <= NetConfig.MostMtu
                    ? config with { Mtu = mtu }
                    : Wrong($"\"{value}\" is no MTU. Write a number from {NetConfig.LeastMtu} to {NetConfig.MostMtu}.");
            case Dns:
                return IPAddress.TryParse(value, out var server)
                    ? config with { Dns = [.. config.Dns, server] }
                    : Wrong($"\"{value}\" is no IP address of a name server. Write one, for example dns=192.0.2.53.");
            case Loopback:
                return OptionText.Choice("switch position", value, ("on", true), ("off", false)).TryGet(out var reaches, out problem)
                    ? config with { ReachesLoopback = reaches }
                    : Wrong(problem);
            case Bridge:
                return IsInterfaceName(value)
                    ? config with { Bridge = value }
                    : Wrong($"\"{value}\" is no name of a bridge. Write one of the host's, for example bridge=br0.");
            default:
                return reader.ExistingFile(value).TryGet(out var script, out problem) ? config with { Script = script } : Wrong(problem);
        }
    }

    private static bool IsInterfaceName(string name) =>
        name is not (".." or ".") && Encoding.UTF8.GetByteCount(name) is > 0 and <= TapDevice.LongestName
        && !name.Any(c => c is '/' or ':' or '%' || char.IsWhiteSpace(c) || char.IsControl(c));

    private static Parsed<NetConfig> Wrong(string problem) => Parsed<NetConfig>.Wrong(problem);
}
