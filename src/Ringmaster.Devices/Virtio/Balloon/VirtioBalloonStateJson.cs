using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Virtio.Balloon;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(VirtioBalloonState))]
internal sealed partial class VirtioBalloonStateJson : JsonSerializerContext;
