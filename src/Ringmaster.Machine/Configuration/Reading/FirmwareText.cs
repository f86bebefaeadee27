namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads <c>bios</c>, <c>uefi</c>, <c>none</c> or a path, and where firmware keeps its variables: <c>,vars=PATH</c>.</summary>
internal static class FirmwareText
{
    private const string VariablesKey = "vars";

    internal static Parsed<FirmwareConfig> Read(OptionText reader, string text)
    {
        var parts = text.Split(',');
        string? variables = null;
        foreach (var part in parts.Skip(1))
        {
            var (key, value) = OptionText.Split(part.Trim());
            if (key != VariablesKey)
                return Parsed<FirmwareConfig>.Wrong($"Firmware has no setting \"{key}\".{Spelling.Suggestion(key, [VariablesKey])} Write for example uefi,{VariablesKey}=PATH.");
            if (string.IsNullOrEmpty(value) || variables is not null)
                return Parsed<FirmwareConfig>.Wrong($"Firmware keeps its variables in one file. Write {VariablesKey}=PATH once.");
            variables = reader.Absolute(value);
        }
        if (!Image(reader, parts[0].Trim()).TryGet(out var firmware, out var problem))
            return Parsed<FirmwareConfig>.Wrong(problem);
        if (variables is null)
            return firmware;
        if (firmware == FirmwareConfig.None || firmware == FirmwareConfig.Bios)
            return Parsed<FirmwareConfig>.Wrong($"\"{parts[0]}\" keeps no variables. Leave out {VariablesKey}=, or choose uefi.");
        if (Directory.Exists(variables))
            return Parsed<FirmwareConfig>.Wrong($"{variables} is a directory. Name a file for the variables.");
        return firmware.VariablesTemplate is not null || File.Exists(variables)
            ? firmware with { VariablesFile = variables }
            : Parsed<FirmwareConfig>.Wrong($"There is no file {variables}. Name a copy of the variables that came with the firmware.");
    }

    private static Parsed<FirmwareConfig> Image(OptionText reader, string name)
    {
        switch (name)
        {
            case "none":
                return FirmwareConfig.None;
            case "bios":
                return FirmwareConfig.Bios;
            case "uefi":
                return FirmwareConfig.Uefi;
            default:
                return reader.ExistingFile(name).TryGet(out var path, out var problem)
                    ? new FirmwareConfig(path)
                    : Parsed<FirmwareConfig>.Wrong($"{problem} Or choose bios, uefi or none.");
        }
    }
}
