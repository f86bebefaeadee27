namespace Ringmaster.Backends.Guests;

/// <summary>A kernel in the cache.</summary>
/// <param name="Image">The bzImage's absolute path.</param>
/// <param name="Release">The release: <c>"6.1.0-50-cloud-amd64"</c>.</param>
/// <param name="ModulesDirectory">The directory that belongs to /lib/modules/RELEASE; null if modules were not asked for.</param>
public sealed record GuestKernelFiles(string Image, string Release, string? ModulesDirectory);
