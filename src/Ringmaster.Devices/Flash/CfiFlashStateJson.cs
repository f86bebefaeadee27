using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Flash;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CfiFlashState))]
internal sealed partial class CfiFlashStateJson : JsonSerializerContext;
