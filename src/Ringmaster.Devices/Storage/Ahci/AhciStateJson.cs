using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Storage.Ahci;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AhciControllerState))]
internal sealed partial class AhciStateJson : JsonSerializerContext;
