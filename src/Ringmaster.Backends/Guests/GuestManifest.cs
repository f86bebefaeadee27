namespace Ringmaster.Backends.Guests;

/// <summary>What a directory of the cache holds; written last, so its presence says that the rest is whole.</summary>
/// <param name="Package">The distribution's name.</param>
/// <param name="Version">The version.</param>
internal sealed record GuestManifest(string Package, string Version);
