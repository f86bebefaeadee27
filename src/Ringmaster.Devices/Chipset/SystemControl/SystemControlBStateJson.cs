using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.SystemControl;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SystemControlBState))]
internal sealed partial class SystemControlBStateJson : JsonSerializerContext;
