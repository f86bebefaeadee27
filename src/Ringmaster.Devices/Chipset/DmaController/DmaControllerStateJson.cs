using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.DmaController;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DmaControllerState))]
internal sealed partial class DmaControllerStateJson : JsonSerializerContext;
