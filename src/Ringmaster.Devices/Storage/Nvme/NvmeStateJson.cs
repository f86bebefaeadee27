using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Storage.Nvme;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NvmeControllerState))]
internal sealed partial class NvmeStateJson : JsonSerializerContext;
