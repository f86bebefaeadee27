using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.HotPlug;

[JsonSerializable(typeof(PciHotplugState))]
[JsonSerializable(typeof(CpuHotplugState))]
internal sealed partial class HotplugStateJson : JsonSerializerContext;
