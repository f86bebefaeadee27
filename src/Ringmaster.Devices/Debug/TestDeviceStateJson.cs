using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Debug;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TestDeviceState))]
internal sealed partial class TestDeviceStateJson : JsonSerializerContext;
