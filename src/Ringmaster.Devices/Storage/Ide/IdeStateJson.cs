using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Storage.Ide;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IdeChannelState))]
[JsonSerializable(typeof(PiixIdeState))]
internal sealed partial class IdeStateJson : JsonSerializerContext;
