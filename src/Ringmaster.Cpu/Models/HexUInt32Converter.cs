using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ringmaster.Cpu.Models;

/// <summary>Reads numbers written as JSON numbers or as <c>"0x1F"</c>, as the manuals write them.</summary>
internal sealed class HexUInt32Converter : JsonConverter<uint>
{
    public override uint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? reader.GetUInt32() : checked((uint)HexUInt64Converter.ParseHex(reader.GetString()));

    public override void Write(Utf8JsonWriter writer, uint value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"0x{value:X}"));
}
