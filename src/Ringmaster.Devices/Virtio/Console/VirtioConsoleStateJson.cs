using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Virtio.Console;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(VirtioConsoleState))]
internal sealed partial class VirtioConsoleStateJson : JsonSerializerContext;
