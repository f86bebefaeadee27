using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Virtio.Vsock;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(VirtioVsockState))]
internal sealed partial class VirtioVsockStateJson : JsonSerializerContext;
