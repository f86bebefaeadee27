using System.Globalization;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads <c>disk,cdrom,net0,menu=SECONDS</c>.</summary>
internal static class BootText
{
    private const string Menu = "menu";
    private const int UsualSeconds = 5, MostSeconds = 60;

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
            else if (value is null && key.Length > 0)
            {
                order.Add(key);
            }
            else
            {
                return Parsed<BootConfig>.Wrong($"There is nothing \"{part}\" to boot from. "
                    + $"Choose from {string.Join(", ", BootConfig.Kinds)}, devices such as disk1 or net0, and {Menu}.");
            }
        }
        return new BootConfig(order, menu);
    }
}
