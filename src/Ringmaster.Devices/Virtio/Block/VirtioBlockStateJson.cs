using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Virtio.Block;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(VirtioBlockState))]
internal sealed partial class VirtioBlockStateJson : JsonSerializerContext;
