using System.Text;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads <c>DIR,tag=NAME,ro</c>.</summary>
internal static class ShareText
{
    private const string TagProperty = "tag", ReadOnly = "ro";
    private const int LongestTag = 31;

    internal static Parsed<ShareConfig> Read(string text, Func<string, string> absolute)
    {
        var parts = text.Split(',');
        var (directory, isReadOnly) = (parts[0], false);
        string? tag = null;
        foreach (var part in parts.Skip(1))
        {
            var (key, value) = OptionText.Split(part.Trim());
            if (key == ReadOnly && value is null)
                isReadOnly = true;
            else if (key != TagProperty)
                return Parsed<ShareConfig>.Wrong($"A share has no property \"{key}\".{Spelling.Suggestion(key, [TagProperty, ReadOnly])} Write DIR,tag=NAME,ro.");
            else if (value is null || tag is not null)
                return Parsed<ShareConfig>.Wrong("A share has one tag. Write tag=NAME once.");
            else
                tag = value;
        }
        if (directory.Length == 0)
            return Parsed<ShareConfig>.Wrong("The path is empty. Name a directory.");
        var path = absolute(directory);
        if (!Directory.Exists(path))
            return Parsed<ShareConfig>.Wrong($"There is no directory {directory}. Check the path.");
        tag ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        return Encoding.UTF8.GetByteCount(tag) is > 0 and <= LongestTag && !tag.Contains('\0', StringComparison.Ordinal)
            ? new ShareConfig(path, tag, isReadOnly)
            : Parsed<ShareConfig>.Wrong($"\"{tag}\" is no tag for a share. Write tag=NAME with 1 to {LongestTag} bytes.");
    }
}
