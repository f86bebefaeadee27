using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Apic;

[JsonSerializable(typeof(LocalApicState))]
[JsonSerializable(typeof(IoApicState))]
internal sealed partial class ApicStateContext : JsonSerializerContext;
