using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Virtio.Pci;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(VirtioPciState))]
internal sealed partial class VirtioPciStateJson : JsonSerializerContext;
