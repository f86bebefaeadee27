using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Virtio.Net;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(VirtioNetState))]
internal sealed partial class VirtioNetStateJson : JsonSerializerContext;
