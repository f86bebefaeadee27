using Ringmaster.Backends.Guests;

namespace Ringmaster.Bench.Boot;

/// <summary>The guest that "ringmaster guest fetch" has put into the cache. Nothing is downloaded here.</summary>
internal static class GuestDefaults
{
    public static string Kernel() => Newest(GuestPackage.CloudKernel.Name, "boot", "vmlinuz-*", "--kernel");

    public static string Initrd() => Newest(GuestPackage.Busybox.Name, "", "initrd*.cpio", "--initrd");

    private static string Newest(string package, string folder, string pattern, string option)
    {
        var directory = new DirectoryInfo(Path.Combine(GuestFiles.DefaultDirectory, package, folder));
        var found = directory.Exists ? directory.EnumerateFiles(pattern).MaxBy(file => file.LastWriteTimeUtc) : null;
        return found?.FullName ?? throw new BenchmarkException(
            $"There is no {pattern} in {directory}. Run \"./ringmaster run\" once, which fetches the default guest, or give {option} FILE.");
    }
}
