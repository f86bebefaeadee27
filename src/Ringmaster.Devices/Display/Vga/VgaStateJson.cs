using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Display.Vga;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(VgaState))]
internal sealed partial class VgaStateJson : JsonSerializerContext;
