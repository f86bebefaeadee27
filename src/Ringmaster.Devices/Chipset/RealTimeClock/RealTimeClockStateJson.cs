using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.RealTimeClock;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RealTimeClockState))]
internal sealed partial class RealTimeClockStateJson : JsonSerializerContext;
