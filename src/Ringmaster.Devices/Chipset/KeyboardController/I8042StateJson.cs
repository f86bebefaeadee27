using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.KeyboardController;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(I8042State))]
internal sealed partial class I8042StateJson : JsonSerializerContext;
