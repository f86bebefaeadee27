using System.Globalization;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads <c>disk,cdrom,net0,menu=SECONDS</c>.</summary>
internal static class BootText
{
    private const string Menu = "menu";
    private const int UsualSeconds = 5, MostSeconds = 60;
    private static readonly string[] s_words = [BootConfig.Disk, BootConfig.Cdrom, BootConfig.Net, BootConfig.Floppy];

    internal static Parsed<BootConfig> Read(string text)
    {
        var order = new List<string>();
        TimeSpan? menu = null;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var (key, value) = OptionText.Split(part);
            if (key == Menu)
            {
                var seconds = UsualSeconds;
                if (value is not null && (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds is < 1 or > MostSeconds))
                    return Parsed<BootConfig>.Wrong($"\"{value}\" is no time for the boot menu. Write {Menu}=SECONDS, from 1 to {MostSeconds}.");
                menu = TimeSpan.FromSeconds(seconds);
            }
            else if (value is null && (s_words.Contains(key) || IsDevice(key)))
            {
                order.Add(key);
            }
            else
            {
                return Parsed<BootConfig>.Wrong($"There is nothing \"{part}\" to boot from.{Spelling.Suggestion(key, [.. s_words, Menu])} "
                    + $"Choose from {string.Join(", ", s_words)}, devices such as disk1 or net0, and {Menu}.");
            }
        }
        return new BootConfig(order, menu);
    }

    private static bool IsDevice(string word)
    {
        var kind = word.TrimEnd([.. "0123456789"]);
        return kind is BootConfig.Disk or BootConfig.Net && word.Length - kind.Length is 1 or 2;
    }
}
