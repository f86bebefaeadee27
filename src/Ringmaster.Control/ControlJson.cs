using System.Text.Json.Serialization;

namespace Ringmaster.Control;

/// <summary>How what goes over a control socket is written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(VmStatus))]
[JsonSerializable(typeof(VmStatus[]))]
[JsonSerializable(typeof(VmStatistics))]
[JsonSerializable(typeof(VmDevice[]))]
[JsonSerializable(typeof(VmDeviceRequest))]
[JsonSerializable(typeof(VmBalloon))]
[JsonSerializable(typeof(VmBalloonRequest))]
[JsonSerializable(typeof(VmCpusRequest))]
[JsonSerializable(typeof(VmProblem))]
public sealed partial class ControlJson : JsonSerializerContext;
