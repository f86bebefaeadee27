using System.Globalization;
using System.Text.Json;
using Ringmaster.Backends.Guests.Debian;

namespace Ringmaster.Backends.Guests;

/// <summary>
/// Guest files from the host's distribution, kept in a cache. What is in the cache is used as it is, without a look at the
/// network; what is not is fetched through apt. Half-done work never gets a final name.
/// </summary>
/// <param name="directory">The cache.</param>
/// <param name="progress">Told about long steps; called from the fetching thread.</param>
public sealed class GuestFiles(string directory, IProgress<GuestProgress>? progress = null)
{
    private const string ManifestName = "package.json", BusyboxPath = "bin/busybox";
    private const string ModulesSuffix = "+modules", PartialSuffix = ".partial", AptDirectory = "apt";

    /// <summary>What <see cref="FetchDebian"/>'s disk is called.</summary>
    public const string DebianName = "debian";

    /// <summary>${XDG_CACHE_HOME:-~/.cache}/ringmaster/guests.</summary>
    public static string DefaultDirectory
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(cache) || !Path.IsPathRooted(cache))
                cache = Path.Combine(HomeDirectory(), ".cache");
            return Path.Combine(cache, "ringmaster", "guests");
        }
    }

    /// <summary>The cache.</summary>
    public string Location => directory;

    /// <summary>Makes sure that the default guest is there.</summary>
    /// <param name="composeInitrd">Makes the initial RAM disk out of the static busybox program.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="GuestFilesException">It cannot be fetched.</exception>
    public DefaultGuest FetchDefault(Func<ReadOnlyMemory<byte>, byte[]> composeInitrd, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(composeInitrd);
        var kernel = FetchKernel(GuestPackage.CloudKernel, withModules: false, cancellation);
        var busybox = FetchBusybox(cancellation);
        var initrd = Path.Combine(directory, GuestPackage.Busybox.Name, "initrd.cpio");
        Guarded(() =>
        {
            var archive = composeInitrd(File.ReadAllBytes(busybox));
            if (!File.Exists(initrd) || !File.ReadAllBytes(initrd).AsSpan().SequenceEqual(archive))
                WriteWhole(initrd, archive);
        });
        return new DefaultGuest(kernel.Image, initrd);
    }

    /// <summary>Makes sure that a kernel is there.</summary>
    /// <param name="kernel">One of <see cref="GuestPackage"/>'s kernels.</param>
    /// <param name="withModules">Whether its modules are wanted too; they are many times larger.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="GuestFilesException">It cannot be fetched.</exception>
    public GuestKernelFiles FetchKernel(GuestPackage kernel, bool withModules, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        const string modules = "lib/modules/";
        var where = Fetch(kernel, kernel.Name + (withModules ? ModulesSuffix : ""),
            path => path.StartsWith("boot/", StringComparison.Ordinal)
                || (withModules && path.Contains(modules, StringComparison.Ordinal)), cancellation);
        const string prefix = "vmlinuz-";
        var image = Directory.EnumerateFiles(Path.Combine(where, "boot"), prefix + "*").FirstOrDefault()
            ?? throw new GuestFilesException($"The package for {kernel.Name} has no kernel in it. Run \"ringmaster guest clean\" and try again.");
        var release = Path.GetFileName(image)[prefix.Length..];
        // Distributions with a merged /usr ship modules below usr/lib.
        string[] places = [Path.Combine(where, modules, release), Path.Combine(where, "usr", modules, release)];
        return new GuestKernelFiles(image, release, withModules ? places.FirstOrDefault(Directory.Exists) : null);
    }

    /// <summary>Makes sure that the static busybox for 64-bit kernels is there.</summary>
    /// <returns>The program's absolute path.</returns>
    /// <exception cref="GuestFilesException">It cannot be fetched.</exception>
    public string FetchBusybox(CancellationToken cancellation = default) => FetchBusybox(GuestPackage.Busybox, cancellation);

    /// <summary>Makes sure that a static busybox is there.</summary>
    /// <param name="busybox">One of <see cref="GuestPackage"/>'s, by the kernel that is to run it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The program's absolute path.</returns>
    /// <exception cref="GuestFilesException">It cannot be fetched.</exception>
    public string FetchBusybox(GuestPackage busybox, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(busybox);
        var where = Fetch(busybox, busybox.Name, path => path.EndsWith(BusyboxPath, StringComparison.Ordinal), cancellation);
        string[] places = [Path.Combine(where, BusyboxPath), Path.Combine(where, "usr", BusyboxPath)];
        return places.FirstOrDefault(File.Exists)
            ?? throw new GuestFilesException("The busybox package has no program in it. Run \"ringmaster guest clean\" and try again.");
    }

    /// <summary>Makes sure that a disk with Debian is there. Its making takes root and some minutes.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="GuestFilesException">It cannot be made.</exception>
    public DebianDisk FetchDebian(CancellationToken cancellation = default)
    {
        var final = Path.Combine(directory, DebianName);
        if (ReadManifest(final) is null)
        {
            Guarded(() => MakeAnew(final, partial =>
            {
                new DebianBuilder(partial, progress, cancellation).Make();
                return new GuestManifest("debootstrap", DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            }, cancellation));
        }
        return new DebianDisk(final);
    }

    /// <summary>What is in the cache.</summary>
    public IReadOnlyList<CachedPackage> List()
    {
        var found = new List<CachedPackage>();
        if (!Directory.Exists(directory))
            return found;
        foreach (var entry in Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal))
        {
            if (ReadManifest(entry) is not { } manifest)
                continue;
            var bytes = new DirectoryInfo(entry).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
            var name = Path.GetFileName(entry);
            var modules = name.EndsWith(ModulesSuffix, StringComparison.Ordinal);
            found.Add(new(modules ? name[..^ModulesSuffix.Length] : name, manifest.Package, manifest.Version, modules, bytes));
        }
        return found;
    }

    /// <summary>Empties the cache.</summary>
    public void Clean()
    {
        if (Directory.Exists(directory))
            Guarded(() => Directory.Delete(directory, recursive: true));
    }

    private static string HomeDirectory()
    {
        var home = Environment.GetEnvironmentVariable("HOME");
        return string.IsNullOrEmpty(home) ? Path.GetTempPath() : home;
    }

    private string Fetch(GuestPackage package, string name, Func<string, bool> wanted, CancellationToken cancellation)
    {
        var final = Path.Combine(directory, name);
        if (ReadManifest(final) is null)
            Guarded(() => MakeAnew(final, partial => Download(package, partial, wanted, cancellation), cancellation));
        return final;
    }

    private void MakeAnew(string final, Func<string, GuestManifest> make, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        using var alone = Lock(cancellation);
        if (ReadManifest(final) is not null)
            return;
        var partial = final + PartialSuffix;
        DeleteIfThere(partial);
        Directory.CreateDirectory(partial);
        try
        {
            var manifest = make(partial);
            WriteWhole(Path.Combine(partial, ManifestName), JsonSerializer.SerializeToUtf8Bytes(manifest, GuestManifestContext.Default.GuestManifest));
            DeleteIfThere(final);
            Directory.Move(partial, final);
        }
        finally
        {
            DeleteIfThere(partial);
        }
    }

    private GuestManifest Download(GuestPackage package, string into, Func<string, bool> wanted, CancellationToken cancellation)
    {
        var apt = new AptArchive(Path.Combine(directory, AptDirectory), progress);
        var complaints = apt.Update(cancellation);
        var (found, qualified) = Resolve(apt, package, cancellation)
            ?? throw apt.Explain($"The host's package sources have no {string.Join(" or ", package.Candidates)}", complaints);
        apt.ListsWereGood();

        var deb = apt.Download(found, qualified, into, cancellation);
        progress?.Report(new($"unpacking {found.Name}", 0, null, Done: true));
        DebFile.Unpack(deb, into, wanted, cancellation);
        File.Delete(deb);
        return new GuestManifest(found.Name, found.Version);
    }

    private static (AptPackage Package, string Qualified)? Resolve(AptArchive apt, GuestPackage wanted, CancellationToken cancellation)
    {
        foreach (var candidate in wanted.Candidates)
        {
            if (apt.Find(wanted.Qualified(candidate), cancellation) is not { } found)
                continue;
            if (wanted.FollowsDependency is not { } prefix)
                return (found, wanted.Qualified(found.Name));
            var behind = found.Depends.FirstOrDefault(d => d.StartsWith(prefix, StringComparison.Ordinal));
            if (behind is null)
                continue;
            if (apt.Find(wanted.Qualified(behind), cancellation) is { } kernel)
                return (kernel, wanted.Qualified(kernel.Name));
        }
        return null;
    }

    /// <summary>Only one process fetches into a cache; others wait and then find the work done.</summary>
    private FileStream Lock(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (error.GetType() == typeof(IOException) && Directory.Exists(directory) && !IsFull(error))
            {
                cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (UnauthorizedAccessException error)
        {
            throw new GuestFilesException($"The cache {directory} cannot be written: {error.Message} Set XDG_CACHE_HOME to a directory of yours.", error);
        }
        catch (IOException error)
        {
            var remedy = IsFull(error) ? "Make room on its disk" : "Check the directory";
            throw new GuestFilesException($"The cache {directory} cannot be written: {error.Message} {remedy}, or set XDG_CACHE_HOME to another.", error);
        }
    }

    /// <summary>ENOSPC or EDQUOT (errno(3)).</summary>
    private static bool IsFull(IOException error) => error.HResult is 28 or 122;

    private static GuestManifest? ReadManifest(string entry)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(entry, ManifestName)), GuestManifestContext.Default.GuestManifest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static void WriteWhole(string path, byte[] content)
    {
        var partial = $"{path}{PartialSuffix}.{Environment.ProcessId}";
        File.WriteAllBytes(partial, content);
        File.Move(partial, path, overwrite: true);
    }

    private static void DeleteIfThere(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
