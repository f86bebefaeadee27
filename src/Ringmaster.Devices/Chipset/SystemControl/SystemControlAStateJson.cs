using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.SystemControl;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SystemControlAState))]
internal sealed partial class SystemControlAStateJson : JsonSerializerContext;
