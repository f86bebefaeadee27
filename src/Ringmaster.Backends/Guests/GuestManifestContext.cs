using System.Text.Json.Serialization;

namespace Ringmaster.Backends.Guests;

/// <summary>Source-generated JSON for <see cref="GuestManifest"/>.</summary>
[JsonSerializable(typeof(GuestManifest))]
internal sealed partial class GuestManifestContext : JsonSerializerContext;
