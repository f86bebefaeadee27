using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.AcpiPm;

[JsonSerializable(typeof(AcpiPmState))]
[JsonSerializable(typeof(ResetControlState))]
internal sealed partial class AcpiPmStateContext : JsonSerializerContext;
