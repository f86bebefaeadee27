using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.HotPlug;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PciHotplugState))]
[JsonSerializable(typeof(CpuHotplugState))]
internal sealed partial class HotplugStateJson : JsonSerializerContext;
