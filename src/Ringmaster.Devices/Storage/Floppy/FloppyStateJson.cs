using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Storage.Floppy;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FloppyControllerState))]
internal sealed partial class FloppyStateJson : JsonSerializerContext;
