using System.CommandLine;

namespace Ringmaster.Cli.Commands;

/// <summary>The option that chooses between text for people and JSON for programs.</summary>
internal static class OutputFormat
{
    private const string Json = "json";

    internal static Option<string> Option() => new Option<string>("--output", "-o")
    {
        Description = "How results are printed on standard output.",
        HelpName = "text|json",
        DefaultValueFactory = _ => "text",
    }.AcceptOnlyFromAmong("text", Json);

    internal static bool IsJson(ParseResult parsed, Option<string> option) => parsed.GetValue(option) == Json;
}
