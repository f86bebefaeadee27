using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Sharing;

/// <summary>A guest's handle of a file.</summary>
/// <param name="node">The file; null if it was restored and is not there any more.</param>
/// <param name="path">Names from the shared directory on, with slashes between them.</param>
internal sealed class Fid(FileNode? node, byte[] path) : IDisposable
{
    /// <summary>Bytes of the longest path.</summary>
    public const int LongestPath = 4096;

    public FileNode? Node { get; } = node;

    /// <summary>Names from the shared directory on; renames below it change it.</summary>
    public byte[] Path { get; set; } = path;

    /// <summary>The file, if the guest has opened it.</summary>
    public OpenFile? Open { get; private set; }

    /// <summary>How it is open.</summary>
    public int Flags { get; private set; }

    /// <summary>Whether it is a directory that is open.</summary>
    public bool IsDirectory { get; private set; }

    public void SetOpen(OpenFile open, int flags, bool isDirectory) => (Open, Flags, IsDirectory) = (open, flags, isDirectory);

    /// <summary>The path of an entry; null if it is too long.</summary>
    public static byte[]? Join(byte[] path, ReadOnlySpan<byte> name) =>
        path.Length + 1 + name.Length > LongestPath ? null : path.Length == 0 ? name.ToArray() : [.. path, (byte)'/', .. name];

    /// <summary>The path of the directory that an entry is in, and its name there.</summary>
    public static (byte[] Parent, byte[] Name) Divide(byte[] path)
    {
        var at = Array.LastIndexOf(path, (byte)'/');
        return at < 0 ? ([], path) : (path[..at], path[(at + 1)..]);
    }

    public void Dispose()
    {
        Open?.Dispose();
        Node?.Dispose();
    }
}
