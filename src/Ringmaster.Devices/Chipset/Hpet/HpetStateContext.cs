using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.Hpet;

[JsonSerializable(typeof(HpetState))]
internal sealed partial class HpetStateContext : JsonSerializerContext;
