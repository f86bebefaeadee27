using System.Text.Json.Serialization;

namespace Ringmaster.Devices.Chipset.InterruptController;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PicPairState))]
internal sealed partial class PicPairStateJson : JsonSerializerContext;
