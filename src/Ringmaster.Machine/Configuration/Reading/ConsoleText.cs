using System.Text;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads a port of the virtio console: <c>stdio</c>, <c>file=PATH</c>, <c>pty</c> or <c>unix=PATH</c>, each with <c>,name=NAME</c>.</summary>
internal static class ConsoleText
{
    private const string NameKey = "name";
    private const int LongestName = 127;

    internal static Parsed<ConsoleConfig> Read(OptionText reader, string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (!reader.Serial(parts[0]).TryGet(out var backend, out var problem))
            return Parsed<ConsoleConfig>.Wrong(problem);
        if (backend.Kind == SerialKind.None)
            return Parsed<ConsoleConfig>.Wrong("A console is plugged into something. Leave the option out for none.");
        string? name = null;
        foreach (var part in parts.Skip(1))
        {
            var (key, value) = OptionText.Split(part);
            if (key != NameKey)
                return Parsed<ConsoleConfig>.Wrong($"A console has no setting \"{key}\".{Spelling.Suggestion(key, [NameKey])}");
            if (name is not null)
                return Parsed<ConsoleConfig>.Wrong($"\"{key}\" is given twice. Leave one out.");
            if (value is null || Encoding.UTF8.GetByteCount(value) is 0 or > LongestName || value.Any(char.IsControl))
                return Parsed<ConsoleConfig>.Wrong($"\"{value}\" is no name of a port. Write 1 to {LongestName} bytes, for example name=org.qemu.guest_agent.0.");
            name = value;
        }
        return new ConsoleConfig(backend, name);
    }
}
