using System.CommandLine;
using System.Text.Json;
using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Cli.Commands;

/// <summary>ringmaster validate.</summary>
internal static class ValidateCommand
{
    internal static Command Build(CliEnvironment environment)
    {
        var file = new Argument<string>("FILE") { Description = "A machine's description, YAML or JSON." };
        var output = OutputFormat.Option();
        var command = new Command("validate", "Check a machine's description and report all that is wrong with it.") { file, output };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            var errors = ConfigFile.Read(path).Errors.OrderBy(e => e.Line ?? 0).ToList();
            if (OutputFormat.IsJson(parsed, output))
                WriteJson(environment.Out, path, errors);
            else
                WriteText(environment, path, errors);
            return errors.Count == 0 ? ExitCodes.Success : ExitCodes.Usage;
        });
        return command;
    }

    private static void WriteText(CliEnvironment environment, string path, List<ConfigError> errors)
    {
        foreach (var error in errors)
            environment.Error.WriteLine(error.Line is null ? $"{path}: {error.Message}" : $"{path}: {error}");
        if (errors.Count == 0)
            environment.Out.WriteLine($"{path} is fine.");
    }

    private static void WriteJson(TextWriter writer, string path, List<ConfigError> errors) => JsonText.Write(writer, json =>
    {
        json.WriteString("file", path);
        json.WriteBoolean("valid", errors.Count == 0);
        json.WriteStartArray("errors");
        foreach (var error in errors)
        {
            json.WriteStartObject();
            json.WriteString("path", error.Path);
            if (error.Line is { } line)
                json.WriteNumber("line", line);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
