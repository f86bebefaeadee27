using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Virtio.Input;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(VirtioInputState))]
internal sealed partial class VirtioInputStateJson : JsonSerializerContext;
