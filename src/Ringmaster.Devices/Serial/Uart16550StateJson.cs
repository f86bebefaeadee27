using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Serial;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Uart16550State))]
internal sealed partial class Uart16550StateJson : JsonSerializerContext;
