using System.Globalization;
using System.Text.Json;
using Ringmaster.Backends.Disks;
using Ringmaster.Cli.Commands;

namespace Ringmaster.Cli.Images;

/// <summary>What the image commands print.</summary>
internal static class ImageText
{
    internal static string Size(long bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        var (amount, unit) = ((double)bytes, 0);
        for (; amount >= 1024 && unit < units.Length - 1; unit++)
            amount /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{amount:0.##} {units[unit]}");
    }

    internal static void Write(TextWriter writer, ImageInfo info)
    {
        Line("image", info.Path);
        Line("format", info.Version is { } version ? $"qcow2, version {version}" : "raw");
        Line("disk", $"{Size(info.Length)} ({info.Length} bytes)");
        Line("file", $"{Size(info.FileLength)}, of which {Size(info.AllocatedLength)} take room");
        if (info.ClusterSize is { } cluster)
            Line("clusters", $"{Size(cluster)}, counted with {info.RefcountBits} bits, compressed with {info.Compression}");
        if (info.BackingFile is { } backing)
            Line("based on", info.BackingFormat is { } format ? $"{backing} ({format})" : $"{backing} (its format is not recorded)");
        if (info.IsDirty)
            Line("state", "reference counts are not up to date; they are made anew when it is written");
        if (info.IsCorrupt)
            Line("state", "damaged; repair it with \"ringmaster image check --repair\"");
        if (info.Snapshots.Count > 0)
            writer.WriteLine("snapshots");
        Write(writer, info.Snapshots, "  ");

        void Line(string name, string value) => writer.WriteLine($"{name,-10} {value}");
    }

    internal static void Write(TextWriter writer, IReadOnlyList<SnapshotInfo> snapshots, string indent)
    {
        foreach (var one in snapshots)
        {
            var state = one.MachineStateLength > 0 ? $", with a machine of {Size((long)Math.Min(one.MachineStateLength, long.MaxValue))}" : "";
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{indent}{one.Id,-4} {one.Name,-20} {one.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {Size(one.Length)}{state}"));
        }
    }

    internal static void Write(TextWriter writer, ImageCheck check, string path)
    {
        foreach (var finding in check.Findings)
            writer.WriteLine(finding);
        var found = check.Leaks + check.Corruptions;
        if (found > check.Findings.Count)
            writer.WriteLine($"... and {found - check.Findings.Count} more.");
        writer.WriteLine($"{check.AllocatedClusters} of {check.TotalClusters} clusters of {Size(check.ClusterSize)} are in use, {check.CompressedClusters} compressed.");
        if (found == 0)
            writer.WriteLine($"{path} is fine.");
        else if (check.Repaired > 0 || check.Remaining == 0)
            writer.WriteLine($"{check.Repaired} of {found} faults were put right.{(check.Remaining > 0 ? " What remains can only be restored from a copy." : "")}");
        else
            writer.WriteLine($"{check.Corruptions} faults and {check.Leaks} leaks. Put them right with --repair, on a copy if the content matters.");
    }

    internal static void WriteJson(TextWriter writer, ImageInfo info) => JsonText.Write(writer, json =>
    {
        json.WriteString("image", info.Path);
        json.WriteString("format", ImageOptions.Name(info.Format));
        json.WriteNumber("length", info.Length);
        json.WriteNumber("fileLength", info.FileLength);
        json.WriteNumber("allocatedLength", info.AllocatedLength);
        if (info.Version is { } version)
        {
            json.WriteNumber("version", version);
            json.WriteNumber("clusterSize", info.ClusterSize!.Value);
            json.WriteNumber("refcountBits", info.RefcountBits!.Value);
            json.WriteString("compression", info.Compression);
            json.WriteBoolean("dirty", info.IsDirty);
            json.WriteBoolean("corrupt", info.IsCorrupt);
        }
        if (info.BackingFile is { } backing)
            json.WriteString("backingFile", backing);
        if (info.BackingFormat is { } format)
            json.WriteString("backingFormat", format);
        WriteJson(json, info.Snapshots);
    });

    internal static void WriteJson(Utf8JsonWriter json, IReadOnlyList<SnapshotInfo> snapshots)
    {
        json.WriteStartArray("snapshots");
        foreach (var one in snapshots)
        {
            json.WriteStartObject();
            json.WriteString("id", one.Id);
            json.WriteString("name", one.Name);
            json.WriteString("time", one.Time);
            json.WriteNumber("length", one.Length);
            json.WriteNumber("machineStateLength", one.MachineStateLength);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    internal static void WriteJson(TextWriter writer, ImageCheck check) => JsonText.Write(writer, json =>
    {
        json.WriteNumber("corruptions", check.Corruptions);
        json.WriteNumber("leaks", check.Leaks);
        json.WriteNumber("repaired", check.Repaired);
        json.WriteNumber("remaining", check.Remaining);
        json.WriteNumber("allocatedClusters", check.AllocatedClusters);
        json.WriteNumber("compressedClusters", check.CompressedClusters);
        json.WriteNumber("totalClusters", check.TotalClusters);
        json.WriteStartArray("findings");
        foreach (var finding in check.Findings)
            json.WriteStringValue(finding);
        json.WriteEndArray();
    });
}
