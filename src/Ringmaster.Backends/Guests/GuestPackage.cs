namespace Ringmaster.Backends.Guests;

/// <summary>Something of a distribution that guests are made of.</summary>
/// <param name="Name">What it is called here and in the cache.</param>
/// <param name="Architecture">The distribution's name for the architecture.</param>
/// <param name="Candidates">Packages that have it, the best first; the first that the host's package sources know is taken.</param>
/// <param name="FollowsDependency">
/// The start of the name of the package behind a metapackage, or null if the candidates have the files themselves.
/// </param>
public sealed record GuestPackage(string Name, string Architecture, IReadOnlyList<string> Candidates, string? FollowsDependency)
{
    private const string KernelPrefix = "linux-image-";

    /// <summary>A kernel for virtual machines, 64 bits.</summary>
    public static GuestPackage CloudKernel { get; } =
        new("linux-cloud", "amd64", ["linux-image-cloud-amd64", "linux-image-virtual"], KernelPrefix);

    /// <summary>A kernel for any PC, 64 bits.</summary>
    public static GuestPackage GenericKernel { get; } =
        new("linux-generic", "amd64", ["linux-image-amd64", "linux-image-generic"], KernelPrefix);

    /// <summary>A kernel for any PC, 32 bits with PAE.</summary>
    public static GuestPackage I386Kernel { get; } = new("linux-i386", "i386", ["linux-image-686-pae"], KernelPrefix);

    /// <summary>Hundreds of Unix tools in one static program.</summary>
    public static GuestPackage Busybox { get; } = new("busybox", "amd64", ["busybox-static"], null);

    /// <summary>The same for 32-bit kernels, which cannot run 64-bit programs.</summary>
    public static GuestPackage I386Busybox { get; } = new("busybox-i386", "i386", Busybox.Candidates, null);

    /// <summary>All that are known.</summary>
    public static IReadOnlyList<GuestPackage> All { get; } = [CloudKernel, GenericKernel, I386Kernel, Busybox, I386Busybox];

    /// <summary>Whether it is a kernel, and not the tools to go with one.</summary>
    public bool IsKernel => FollowsDependency is not null;

    /// <summary>A package's name with the architecture, as apt wants it.</summary>
    internal string Qualified(string package) => $"{package}:{Architecture}";
}
