namespace Ringmaster.Backends.Guests;

/// <summary>A package in the cache.</summary>
/// <param name="Name">Its name here: <c>"linux-cloud"</c>.</param>
/// <param name="Package">The distribution's name for it.</param>
/// <param name="Version">Its version.</param>
/// <param name="Modules">Whether a kernel's modules are there too.</param>
/// <param name="Bytes">What it takes on disk.</param>
public sealed record CachedPackage(string Name, string Package, string Version, bool Modules, long Bytes);
