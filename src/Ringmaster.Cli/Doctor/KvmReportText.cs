using System.Globalization;
using System.Text.Json;

namespace Ringmaster.Cli.Doctor;

/// <summary>Prints what the doctor found of KVM.</summary>
internal static class KvmReportText
{
    internal static void Write(TextWriter writer, KvmReport report)
    {
        var probe = report.Probe;
        writer.WriteLine($"/dev/kvm   {(probe.Works ? "runs unmodified guests" : "does not run unmodified guests")}");
        writer.WriteLine($"tried      {probe.Explanation} It took {Number(probe.Duration.TotalMilliseconds, "0.0")} ms.");
        if (report.Module is { } module)
            writer.WriteLine($"module     {module}, nested paging {Word(report.NestedPaging)}, nested guests {Word(report.Nested)}");
        if (probe.ExitCost is { } cost)
        {
            writer.WriteLine($"exits      {Number(cost.MedianNanoseconds, "N0")} ns each (the median of {cost.Exits} port writes), "
                + $"{Number(cost.PerSecond, "N0")} a second");
        }
        if (report.Remedy is { } remedy)
            writer.WriteLine($"remedy     {remedy}");
    }

    internal static void WriteJson(Utf8JsonWriter json, KvmReport report)
    {
        var probe = report.Probe;
        json.WriteStartObject("kvm");
        json.WriteBoolean("runsUnmodifiedGuests", probe.Works);
        json.WriteString("step", JsonNamingPolicy.CamelCase.ConvertName(probe.Step.ToString()));
        json.WriteString("explanation", probe.Explanation);
        json.WriteString("remedy", report.Remedy);
        json.WriteNumber("widestMode", probe.WidestMode);
        json.WriteNumber("milliseconds", Math.Round(probe.Duration.TotalMilliseconds, 2));
        json.WriteString("module", report.Module);
        WriteSwitch(json, "nestedPaging", report.NestedPaging);
        WriteSwitch(json, "nestedGuests", report.Nested);
        if (probe.ExitCost is { } cost)
        {
            json.WriteNumber("exitNanoseconds", Math.Round(cost.MedianNanoseconds));
            json.WriteNumber("exitsPerSecond", Math.Round(cost.PerSecond));
        }
        json.WriteEndObject();
    }

    private static void WriteSwitch(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known)
            json.WriteBoolean(name, known);
        else
            json.WriteNull(name);
    }

    private static string Word(bool? value) => value switch
    {
        true => "on",
        false => "off",
        null => "unknown",
    };

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
