using Ringmaster.Host;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads how much RAM there is and what it is made of: <c>2G</c>, <c>4G,huge=1G,lock</c>.</summary>
internal static class MemoryText
{
    private const string Huge = "huge", Lock = "lock";
    private static readonly string[] s_settings = [Huge, Lock];

    internal static Parsed<(ByteSize? Size, MemoryBacking? Backing)> Read(string text)
    {
        ByteSize? size = null;
        HostPages? pages = null;
        var isLocked = false;
        foreach (var (part, place) in text.Split(',', StringSplitOptions.TrimEntries).Select((part, place) => (part, place)))
        {
            var (name, value) = OptionText.Split(part);
            if (name == Lock && value is null)
                isLocked = true;
            else if (name == Lock)
                return Wrong($"\"{Lock}\" takes no value. Write only {Lock}.");
            else if (name == Huge && pages is null)
            {
                if (!OptionText.Choice("kind of pages", value ?? "", ("never", HostPages.Small), ("thp", HostPages.Transparent), ("2M", HostPages.TwoMebibytes),
                    ("1G", HostPages.OneGibibyte)).TryGet(out var chosen, out var problem))
                    return Wrong(problem);
                pages = chosen;
            }
            else if (name == Huge)
                return Wrong($"\"{Huge}\" is given twice. Leave one out.");
            else if (place != 0)
                return Wrong($"There is no setting \"{name}\" of memory.{Spelling.Suggestion(name, s_settings)} Choose from {Huge}=never|thp|2M|1G, {Lock}.");
            else if (!OptionText.Size(part).TryGet(out var read, out var flaw))
                return Wrong(flaw);
            else
                size = read;
        }
        return (size, pages is null && !isLocked ? null : new MemoryBacking(pages ?? HostPages.AsGiven, isLocked));
    }

    private static Parsed<(ByteSize?, MemoryBacking?)> Wrong(string problem) => Parsed<(ByteSize?, MemoryBacking?)>.Wrong(problem);
}
