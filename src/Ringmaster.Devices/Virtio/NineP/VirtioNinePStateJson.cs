using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Virtio.NineP;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(VirtioNinePState))]
internal sealed partial class VirtioNinePStateJson : JsonSerializerContext;
