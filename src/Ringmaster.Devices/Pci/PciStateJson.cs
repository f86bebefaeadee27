using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Pci;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PciConfigPortsState))]
[JsonSerializable(typeof(PciFunctionState))]
internal sealed partial class PciStateJson : JsonSerializerContext;
