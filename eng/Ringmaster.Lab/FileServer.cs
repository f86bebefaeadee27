namespace Ringmaster.Lab;

/// <summary>Shares a directory of this machine with a lab host (virtio 1.2 5.11, a file system device).</summary>
internal sealed class FileServer : IDisposable
{
    // Debian 12 has the one that came with QEMU; later ones have a program of its own with options of its own.
    private const string Old = "/usr/lib/qemu/virtiofsd", New = "/usr/libexec/virtiofsd";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly GuardedProcess _process;

    private FileServer(string tag, string socket, GuardedProcess process) => (Tag, Socket, _process) = (tag, socket, process);

    /// <summary>What the guest mounts it by.</summary>
    internal string Tag { get; }

    /// <summary>Where QEMU finds it.</summary>
    internal string Socket { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="tag">What the guest mounts it by.</param>
    /// <param name="directory">What is shared.</param>
    /// <param name="socket">A socket to make.</param>
    /// <param name="changes">Whether this machine changes files meanwhile, so that the guest must not keep what it has read.</param>
    /// <exception cref="LabException">There is no such program, or it did not start.</exception>
    internal static FileServer Start(string tag, string directory, string socket, bool changes)
    {
        var cache = changes ? "none" : "always";
        var process = File.Exists(Old)
            ? GuardedProcess.Start(Old, $"--socket-path={socket}", "-f", "-o", $"source={directory},cache={cache},sandbox=chroot,log_level=err")
            : File.Exists(New)
            ? GuardedProcess.Start(New, "--socket-path", socket, "--shared-dir", directory, "--cache", changes ? "never" : "always", "--sandbox", "chroot")
            : throw new LabException("There is no virtiofsd on this host. Install the packages qemu-system-common or virtiofsd.");
        var server = new FileServer(tag, socket, process);
        var start = DateTime.UtcNow;
        while (!File.Exists(socket))
        {
            if (process.HasExited || DateTime.UtcNow - start > s_patience)
            {
                server.Dispose();
                throw new LabException($"virtiofsd did not start. The lab takes root, for it shares the root directory. It said: {process.Said}");
            }
            Thread.Sleep(20);
        }
        return server;
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
