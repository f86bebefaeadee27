using System.Text.Json;
using Ringmaster.Audit;
using Ringmaster.Audit.Catalog;
using Ringmaster.Cli.Commands;

namespace Ringmaster.Cli.Audit;

/// <summary>Prints what the audit found for programs.</summary>
internal static class AuditReportJson
{
    internal static void Write(TextWriter writer, AuditReport report) => JsonText.Write(writer, json =>
    {
        json.WriteBoolean("faithful", report.IsFaithful);
        json.WriteStartArray("untrapped");
        foreach (var name in report.Untrapped)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartArray("instructions");
        foreach (var instruction in AuditCatalog.Instructions)
            WriteInstruction(json, report, instruction);
        json.WriteEndArray();
    });

    private static void WriteInstruction(Utf8JsonWriter json, AuditReport report, AuditedInstruction instruction)
    {
        var native = report.Native.Findings[instruction];
        json.WriteStartObject();
        json.WriteString("name", instruction.Name);
        json.WriteString("kind", Camel(instruction.Kind));
        json.WriteString("shows", instruction.Shows);
        json.WriteStartObject("native");
        json.WriteBoolean("traps", native.Traps);
        json.WriteBoolean("madeUp", native.IsMadeUp);
        json.WriteString("outcome", native.Seen?.ToString());
        json.WriteEndObject();
        json.WriteStartArray("engines");
        foreach (var engine in report.Engines)
        {
            foreach (var finding in engine.Findings[instruction])
                WriteFinding(json, engine.Engine, finding);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFinding(Utf8JsonWriter json, string engine, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("engine", engine);
        json.WriteNumber("cpl", (int)finding.Level);
        json.WriteString("manual", finding.Expected?.ToString());
        json.WriteString("seen", finding.Seen?.ToString());
        json.WriteBoolean("faithful", finding.IsFaithful);
        json.WriteEndObject();
    }

    private static string Camel<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
