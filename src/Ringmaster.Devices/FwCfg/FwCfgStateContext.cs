using System.Text.Json.Serialization;

namespace Ringmaster.Devices.FwCfg;

[JsonSerializable(typeof(FwCfgState))]
internal sealed partial class FwCfgStateContext : JsonSerializerContext;
