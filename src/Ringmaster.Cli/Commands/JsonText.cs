using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ringmaster.Cli.Commands;

/// <summary>Prints one JSON object.</summary>
internal static class JsonText
{
    internal static void Write(TextWriter writer, Action<Utf8JsonWriter> members, bool indented = true)
    {
        using var bytes = new MemoryStream();
        // Paths and sentences are for people too; the output is no HTML.
        var options = new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        writer.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
