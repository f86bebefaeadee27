using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Network.E1000;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(E1000State))]
internal sealed partial class E1000StateJson : JsonSerializerContext;
