using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.IntervalTimer;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PitState))]
internal sealed partial class PitStateJson : JsonSerializerContext;
