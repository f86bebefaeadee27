using System.Globalization;
using System.Text.Json;
using Ringmaster.Cli.Commands;

namespace Ringmaster.Cli.Doctor;

/// <summary>Prints what the doctor found.</summary>
internal static class HostReportText
{
    internal static void Write(TextWriter writer, HostReport report)
    {
        writer.WriteLine($"CPU        {report.Cpu}, {report.Cores} usable");
        writer.WriteLine($"features   {string.Join(' ', report.Features)}");
        writer.WriteLine($"memory     {Gibibytes(report.Memory.Total)} GiB, {Gibibytes(report.Memory.Available)} GiB available");
        writer.WriteLine($"kernel     Linux {report.Kernel}");
        writer.WriteLine($"runs on    {report.Hypervisor ?? "bare metal"}{(report.Container is { } container ? $", in a container ({container})" : "")}");
        writer.WriteLine();
        foreach (var engine in report.Engines)
        {
            var verdict = engine.Available ? "works" : "not used";
            writer.WriteLine($"{engine.Name,-12} {verdict,-9} {engine.Explanation}");
        }
        writer.WriteLine();
        KvmReportText.Write(writer, report.Kvm);
    }

    internal static void WriteJson(TextWriter writer, HostReport report) => JsonText.Write(writer, json =>
    {
        json.WriteString("cpu", report.Cpu);
        json.WriteStartArray("features");
        foreach (var feature in report.Features)
            json.WriteStringValue(feature);
        json.WriteEndArray();
        json.WriteNumber("cores", report.Cores);
        json.WriteNumber("memoryBytes", report.Memory.Total);
        json.WriteNumber("availableBytes", report.Memory.Available);
        json.WriteString("kernel", report.Kernel);
        json.WriteString("hypervisor", report.Hypervisor);
        json.WriteString("container", report.Container);
        json.WriteStartArray("engines");
        foreach (var engine in report.Engines)
        {
            json.WriteStartObject();
            json.WriteString("name", engine.Name);
            json.WriteBoolean("hostSupports", engine.HostSupports);
            json.WriteBoolean("available", engine.Available);
            json.WriteString("explanation", engine.Explanation);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        KvmReportText.WriteJson(json, report.Kvm);
    });

    private static string Gibibytes(ulong bytes) => (bytes / (double)(1UL << 30)).ToString("0.0", CultureInfo.InvariantCulture);
}
