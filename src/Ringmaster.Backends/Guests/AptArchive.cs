namespace Ringmaster.Backends.Guests;

/// <summary>
/// The host's package sources, read through the host's own apt with lists, cache and status of our own: nothing is installed,
/// no root is needed, and a host whose lists are empty will do.
/// </summary>
internal sealed class AptArchive
{
    private static readonly TimeSpan ListsAge = TimeSpan.FromHours(12);

    private readonly string _directory;
    private readonly string _lists;
    private readonly string _stamp;
    private readonly string[] _options;
    private readonly IProgress<GuestProgress>? _progress;

    /// <summary>Prepares the private directories.</summary>
    internal AptArchive(string directory, IProgress<GuestProgress>? progress)
    {
        _directory = directory;
        _progress = progress;
        _lists = Path.Combine(directory, "lists");
        _stamp = Path.Combine(directory, "lists.stamp");
        var state = Path.Combine(directory, "state");
        var cache = Path.Combine(directory, "cache");
        var status = Path.Combine(directory, "status");
        Directory.CreateDirectory(Path.Combine(_lists, "partial"));
        Directory.CreateDirectory(Path.Combine(cache, "archives", "partial"));
        Directory.CreateDirectory(state);
        // An empty status file: what the host has installed does not matter to a guest.
        File.WriteAllBytes(status, []);
        _options =
        [
            // As root, apt would switch to a user who may not enter a home directory's cache.
            "-o", $"Dir::State={state}", "-o", $"Dir::State::lists={_lists}", "-o", $"Dir::State::status={status}",
            "-o", $"Dir::Cache={cache}", "-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none",
            // Both architectures, whatever the host's dpkg is set up for.
            "-o", "APT::Architecture=amd64", "-o", "APT::Architectures::=amd64", "-o", "APT::Architectures::=i386",
            "-o", "quiet=2",
        ];
    }

    /// <summary>Downloads the package lists unless that was done lately. Sources that fail are left out.</summary>
    /// <returns>apt's complaints, for a later message if a package turns out to be missing.</returns>
    internal string Update(CancellationToken cancellation)
    {
        if (File.Exists(_stamp) && DateTime.UtcNow - File.GetLastWriteTimeUtc(_stamp) < ListsAge)
            return "";
        var (_, _, error) = Watched("reading package lists", _lists, null,
            tick => HostCommand.Run("apt-get", [.. _options, "update"], null, tick, cancellation));
        return error;
    }

    /// <summary>
    /// Notes that the lists had what was looked for. apt's exit code does not tell: one broken source among many spoils it.
    /// </summary>
    internal void ListsWereGood() => File.WriteAllText(_stamp, "");

    /// <summary>Finds a package's newest version.</summary>
    /// <param name="package">The name, with an architecture if need be.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null if the sources do not have it.</returns>
    internal AptPackage? Find(string package, CancellationToken cancellation)
    {
        var (exit, output, _) = HostCommand.Run("apt-cache", [.. _options, "show", "--no-all-versions", package], null, null, cancellation);
        return exit == 0 ? AptPackage.Parse(output) : null;
    }

    /// <summary>Downloads a package; apt checks its signature chain and hash.</summary>
    /// <returns>The .deb file's path inside <paramref name="into"/>.</returns>
    /// <exception cref="GuestFilesException">The download failed.</exception>
    internal string Download(AptPackage package, string qualifiedName, string into, CancellationToken cancellation)
    {
        var (exit, _, error) = Watched($"downloading {package.Name} {package.Version}", into, package.Size,
            tick => HostCommand.Run("apt-get", [.. _options, "download", qualifiedName], into, tick, cancellation));
        var file = Directory.EnumerateFiles(into, "*.deb").FirstOrDefault();
        if (exit != 0 || file is null)
            throw Explain($"{package.Name} could not be downloaded", error);
        return file;
    }

    /// <summary>Makes an error out of apt's complaints.</summary>
    internal GuestFilesException Explain(string what, string complaints)
    {
        var remedy = complaints.Contains("No space left", StringComparison.Ordinal)
            ? $"Make room in {_directory}."
            : "Check the network and the host's package sources, or name your own guest with --kernel FILE and --initrd FILE.";
        var first = complaints.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.StartsWith("E:", StringComparison.Ordinal))
            ?? complaints.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0);
        var reason = first is null ? "" : $" (apt says: {first})";
        return new GuestFilesException($"{what}{reason}. {remedy}");
    }

    private T Watched<T>(string step, string directory, long? total, Func<Action, T> work)
    {
        var before = SizeOf(directory);
        void Tick() => _progress?.Report(new(step, Math.Max(0, SizeOf(directory) - before), total, Done: false));
        Tick();
        var result = work(Tick);
        _progress?.Report(new(step, total ?? Math.Max(0, SizeOf(directory) - before), total, Done: true));
        return result;
    }

    private static long SizeOf(string directory)
    {
        try
        {
            return new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Exists ? f.Length : 0);
        }
        catch (IOException)
        {
            // apt renames files while they are counted; the next tick will do.
            return 0;
        }
        catch (UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
