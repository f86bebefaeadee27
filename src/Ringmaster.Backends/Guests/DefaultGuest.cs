namespace Ringmaster.Backends.Guests;

/// <summary>The guest that runs when the user names none: a distribution's kernel and a shell.</summary>
/// <param name="Kernel">The kernel's absolute path.</param>
/// <param name="Initrd">The initial RAM disk's absolute path.</param>
public sealed record DefaultGuest(string Kernel, string Initrd);
