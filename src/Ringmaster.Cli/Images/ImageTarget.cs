namespace Ringmaster.Cli.Images;

/// <summary>
/// The place of a new image. It is made under another name beside it and takes the place when it is whole, so that nothing is lost
/// when making it fails.
/// </summary>
internal sealed class ImageTarget : IDisposable
{
    private readonly string _path;
    private bool _finished;

    private ImageTarget(string path, string temporaryPath) => (_path, TemporaryPath) = (path, temporaryPath);

    /// <summary>Where to make the image.</summary>
    internal string TemporaryPath { get; }

    /// <exception cref="UserErrorException">There is something at the path that shall not, or cannot, be replaced.</exception>
    internal static ImageTarget Open(string path, bool replaces)
    {
        if (path.Length == 0)
            throw new UserErrorException("The path of the new image is empty. Name a file.");
        if (Directory.Exists(path))
            throw new UserErrorException($"{path} is a directory. Name a file in it.");
        if (File.Exists(path) && !replaces)
            throw new UserErrorException($"{path} exists. Choose another name, or add --force to replace it.");
        var full = Path.GetFullPath(path);
        if (full.StartsWith("/dev/", StringComparison.Ordinal))
            throw new UserErrorException($"{path} is a place for devices. Name a file elsewhere.");
        var directory = Path.GetDirectoryName(full) ?? "/";
        if (!Directory.Exists(directory))
            throw new UserErrorException($"There is no directory {directory}. Make it first.");
        return new ImageTarget(full, Path.Combine(directory, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}"));
    }

    /// <summary>Puts the image, which is whole and closed, into its place.</summary>
    internal void Finish()
    {
        File.Move(TemporaryPath, _path, overwrite: true);
        _finished = true;
    }

    public void Dispose()
    {
        if (!_finished)
            File.Delete(TemporaryPath);
    }
}
