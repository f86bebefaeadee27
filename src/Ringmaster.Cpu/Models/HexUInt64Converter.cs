using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ringmaster.Cpu.Models;

/// <summary>As <see cref="HexUInt32Converter"/>, with 64 bits.</summary>
internal sealed class HexUInt64Converter : JsonConverter<ulong>
{
    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? reader.GetUInt64() : ParseHex(reader.GetString());

    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"0x{value:X}"));

    internal static ulong ParseHex(string? text) =>
        text is ['0', 'x', .. var digits] && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonException($"'{text}' is not a hexadecimal number.");
}
