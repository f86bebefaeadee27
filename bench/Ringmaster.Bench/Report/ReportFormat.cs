using System.CommandLine;
using System.Text.Json;

namespace Ringmaster.Bench.Report;

/// <summary>The option that chooses between text for people and JSON for programs.</summary>
internal static class ReportFormat
{
    private const string Json = "json";
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Option<string> Option() => new Option<string>("--format", "-o")
    {
        Description = "How results are printed on standard output.",
        HelpName = "text|json",
        DefaultValueFactory = _ => "text",
    }.AcceptOnlyFromAmong("text", Json);

    public static bool IsJson(string? value) => value == Json;

    public static string ToJson<T>(T report) => JsonSerializer.Serialize(report, s_json);
}
