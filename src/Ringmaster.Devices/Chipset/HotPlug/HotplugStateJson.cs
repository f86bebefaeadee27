using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.HotPlug;

[JsonSerializable(typeof(PciHotplugState))]
internal sealed partial class HotplugStateJson : JsonSerializerContext;
