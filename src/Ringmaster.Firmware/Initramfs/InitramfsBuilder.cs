using System.Text;
using System.Text.RegularExpressions;

namespace Ringmaster.Firmware.Initramfs;

/// <summary>
/// Composes an initramfs around a static busybox: it boots to a shell on the console, or runs a script, and then powers off.
/// </summary>
/// <remarks>
/// Kernel parameters that its init understands:
/// <list type="bullet">
/// <item><c>ringmaster.run="command"</c>: run this in place of the shell;</item>
/// <item><c>ringmaster.rows=</c> and <c>ringmaster.cols=</c>: the console's size;</item>
/// <item><c>TERM=</c>: the console's type; the kernel makes it an environment variable.</item>
/// </list>
/// </remarks>
public sealed partial class InitramfsBuilder
{
    private const uint Executable = 0x1ED;
    private static readonly string[] Directories =
        ["bin", "dev", "etc", "proc", "root", "run", "sbin", "sys", "tmp", "usr/bin", "usr/sbin", "var"];

    private readonly ReadOnlyMemory<byte> _busybox;
    private readonly List<(string Path, ReadOnlyMemory<byte> Content, uint Permissions)> _files = [];
    private string _hostName = "ringmaster";

    /// <summary>Starts with a busybox.</summary>
    /// <param name="busybox">A statically linked busybox executable for the guest.</param>
    public InitramfsBuilder(ReadOnlyMemory<byte> busybox) => _busybox = busybox;

    /// <summary>Sets the guest's host name.</summary>
    /// <param name="name">Letters, digits, dots and hyphens, 63 at most.</param>
    public InitramfsBuilder WithHostName(string name)
    {
        if (!HostName().IsMatch(name))
            throw new ArgumentException($"\"{name}\" is no host name; use letters, digits, dots and hyphens.", nameof(name));
        _hostName = name;
        return this;
    }

    /// <summary>Runs a script in place of the shell.</summary>
    /// <param name="script">A shell script, or anything with a "#!" line.</param>
    public InitramfsBuilder WithScript(string script) => WithFile("script", Encoding.UTF8.GetBytes(script), Executable);

    /// <summary>Adds a file.</summary>
    /// <param name="path">Relative, with slashes.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="permissions">Mode bits; 0755 by default.</param>
    public InitramfsBuilder WithFile(string path, ReadOnlyMemory<byte> content, uint permissions = Executable)
    {
        _files.Add((path, content, permissions));
        return this;
    }

    /// <summary>The archive, uncompressed.</summary>
    /// <exception cref="ArgumentException">A file's path is not relative, or two files have the same.</exception>
    public byte[] Build()
    {
        var archive = new CpioArchive();
        foreach (var directory in Directories)
            archive.AddDirectory(directory);
        // The kernel opens it for init before init can mount devtmpfs.
        archive.AddCharacterDevice("dev/console", 5, 1);
        archive.AddCharacterDevice("dev/null", 1, 3, 0x1B6);
        archive.AddFile("bin/busybox", _busybox.Span, Executable);
        archive.AddSymbolicLink("bin/sh", "busybox");
        archive.AddFile("etc/hostname", Encoding.ASCII.GetBytes(_hostName + "\n"));
        archive.AddFile("init", Encoding.ASCII.GetBytes(InitScript.Text), Executable);
        foreach (var (path, content, permissions) in _files)
            archive.AddFile(path, content.Span, permissions);
        return archive.ToArray();
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.-]{0,62}\z")]
    private static partial Regex HostName();
}
