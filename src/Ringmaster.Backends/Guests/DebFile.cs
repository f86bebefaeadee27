using System.Formats.Tar;

namespace Ringmaster.Backends.Guests;

/// <summary>Unpacks Debian packages, whatever their compression, through the host's dpkg-deb.</summary>
internal static class DebFile
{
    private const UnixFileMode PlainFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Program = PlainFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Unpacks the regular files that are wanted. Links, devices and owners are left out.</summary>
    /// <param name="package">The .deb file.</param>
    /// <param name="directory">Where to; paths inside it are those of the package.</param>
    /// <param name="wanted">Decides by the path, which starts without a slash.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="GuestFilesException">The package is damaged.</exception>
    internal static void Unpack(string package, string directory, Func<string, bool> wanted, CancellationToken cancellation)
    {
        using var process = HostCommand.Start("dpkg-deb", ["--fsys-tarfile", package]);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            using var tar = new TarReader(process.StandardOutput.BaseStream);
            while (tar.GetNextEntry() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                var path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name.TrimStart('/');
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && IsInside(path) && wanted(path))
                    Write(entry, Path.Combine(directory, path));
            }
            // Let dpkg-deb write the padding behind the archive's end, or it would die of a closed pipe.
            process.StandardOutput.BaseStream.CopyTo(Stream.Null);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new GuestFilesException($"{Path.GetFileName(package)} is damaged. Try again; it will be downloaded anew.", error);
        }
        finally
        {
            if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
                process.Kill();
        }
        if (process.ExitCode != 0)
            throw new GuestFilesException($"{Path.GetFileName(package)} cannot be unpacked. Try again; it will be downloaded anew.");
    }

    private static bool IsInside(string path) => path.Length > 0 && !path.Split('/').Contains("..");

    private static void Write(TarEntry entry, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = (entry.Mode & UnixFileMode.UserExecute) != 0 ? Program : PlainFile,
        };
        using var file = new FileStream(path, options);
        entry.DataStream?.CopyTo(file);
    }
}
