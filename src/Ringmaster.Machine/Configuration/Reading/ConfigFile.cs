using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads a machine's description from a YAML or JSON file (JSON is YAML of the flow style), collecting all errors.</summary>
public static class ConfigFile
{
    /// <summary>Longest file that is read, in bytes.</summary>
    private const int LongestFile = 1024 * 1024;

    private const string DeviceTypeKey = "type", DiskPathKey = "path";

    /// <summary>Reads a file. Relative paths in it start from its own directory.</summary>
    /// <returns>What it says and what is wrong with it, including conflicts between its values.</returns>
    public static OptionSet Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        // What no path can be is looked for like any other, and not found.
        var full = path.Length == 0 || path.Contains('\0') ? "/" : Path.GetFullPath(path);
        var set = new OptionSet(new OptionText(Path.GetDirectoryName(full) ?? "/"));
        try
        {
            if (TryReadText(full, out var text))
                Read(text, set);
            else
                set.Report(new("", $"{path} is longer than {LongestFile} bytes. Name a machine's description."));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            set.Report(new(path, "There is no such file. Check the path."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            set.Report(new(path, $"The file cannot be read: {error.Message}"));
        }
        return set;
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="set">Takes the values and the errors.</param>
    internal static void Read(string text, OptionSet set)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new PlainYaml(new Parser(new StringReader(text))));
        }
        catch (YamlException error)
        {
            set.Report(new("", $"This is not valid YAML or JSON: {error.Message}", (int)error.Start.Line));
            return;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // What the library throws for an event where none of its kind may stand; it does not say where.
            set.Report(new("", $"This is not valid YAML or JSON: {error.Message}", null));
            return;
        }
        var lines = new Dictionary<string, int>();
        foreach (var document in stream.Documents.Take(1))
        {
            if (document.RootNode is YamlMappingNode root)
                ReadOptions(root, set, lines);
            else if (document.RootNode is not YamlScalarNode { Value: null or "" })
                set.Report(new("", "A machine's description consists of \"key: value\" lines.", Line(document.RootNode)));
        }
        foreach (var conflict in set.Options.Conflicts())
            set.Report(conflict with { Line = lines.TryGetValue(conflict.Path, out var line) ? line : null });
    }

    /// <summary>Reads no more than allowed, also where a file does not say how long it is (/dev/zero).</summary>
    private static bool TryReadText(string path, out string text)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[LongestFile + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        using var reader = new StreamReader(new MemoryStream(bytes, 0, length));
        text = reader.ReadToEnd();
        return length <= LongestFile;
    }

    private static void ReadOptions(YamlMappingNode root, OptionSet set, Dictionary<string, int> lines)
    {
        foreach (var (keyNode, value) in root.Children)
        {
            var key = Text(keyNode);
            lines[key] = Line(value);
            switch (value)
            {
                case YamlScalarNode scalar:
                    set.Set(key, scalar.Value ?? "", key, Line(keyNode));
                    break;
                case YamlSequenceNode list when OptionKeys.Lists.Contains(key):
                    ReadList(key, list, set);
                    break;
                case YamlMappingNode group when key is OptionKeys.Device or OptionKeys.Disk:
                    ReadGroup(key, group, key, set);
                    break;
                default:
                    var wrong = OptionKeys.All.Contains(key)
                        ? $"\"{key}\" takes one value, not a list or a group."
                        : $"There is no option \"{key}\".{Spelling.Suggestion(key, OptionKeys.All)}";
                    set.Report(new(key, wrong, Line(keyNode)));
                    break;
            }
        }
    }

    private static void ReadList(string key, YamlSequenceNode list, OptionSet set)
    {
        for (var i = 0; i < list.Children.Count; i++)
        {
            var item = list.Children[i];
            var path = $"{key}[{i}]";
            if (item is YamlScalarNode scalar)
                set.Set(key, scalar.Value ?? "", path, Line(item));
            else if (item is YamlMappingNode group && (key is OptionKeys.Device or OptionKeys.Disk))
                ReadGroup(key, group, path, set);
            else
                set.Report(new(path, "This takes one value, not a list or a group.", Line(item)));
        }
    }

    /// <summary>Reads a device or a disk: one key says what it is, the others how.</summary>
    private static void ReadGroup(string option, YamlMappingNode group, string path, OptionSet set)
    {
        var mainKey = option == OptionKeys.Disk ? DiskPathKey : DeviceTypeKey;
        string? main = null;
        var properties = new Dictionary<string, string>();
        foreach (var (key, value) in group.Children)
        {
            if (value is not YamlScalarNode scalar)
                set.Report(new($"{path}.{Text(key)}", "This takes one value, not a list or a group.", Line(value)));
            else if (Text(key) == mainKey)
                main = scalar.Value;
            else
                properties[Text(key)] = scalar.Value ?? "";
        }
        if (main is null && option == OptionKeys.Disk)
            set.Report(new(path, $"A disk needs a \"{DiskPathKey}\". Write for example {DiskPathKey}: disk.qcow2.", Line(group)));
        else if (main is null)
            set.Report(new(path, $"A device needs a \"{DeviceTypeKey}\". Write for example {DeviceTypeKey}: testdev.", Line(group)));
        else if (option == OptionKeys.Disk)
            set.AddDisk(main, properties, path, Line(group));
        else
            set.AddDevice(main, properties, path, Line(group));
    }

    private static string Text(YamlNode node) => (node as YamlScalarNode)?.Value ?? "";

    private static int Line(YamlNode node) => (int)node.Start.Line;
}
