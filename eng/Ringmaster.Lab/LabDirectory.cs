namespace Ringmaster.Lab;

/// <summary>The files of one lab host, which go with it.</summary>
internal sealed class LabDirectory : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("ringmaster-lab-").FullName;

    internal LabDirectory() => Directory.CreateDirectory(Files);

    /// <summary>What the first serial port has said.</summary>
    internal string KernelLog => Path.Combine(_path, "kernel.log");

    /// <summary>The second serial port.</summary>
    internal string CommandSocket => Path.Combine(_path, "commands.sock");

    /// <summary>The initial RAM disk.</summary>
    internal string Initrd => Path.Combine(_path, "initrd.cpio");

    /// <summary>A directory that both machines write.</summary>
    internal string Files => Path.Combine(_path, "files");

    /// <summary>A file server's socket.</summary>
    internal string ShareSocket(string tag) => Path.Combine(_path, tag + ".sock");

    /// <summary>The end of the kernel's log.</summary>
    internal string LogTail()
    {
        const int shown = 4000;
        if (!File.Exists(KernelLog))
            return "";
        using var file = new FileStream(KernelLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        return text.Length > shown ? "[...]" + text[^shown..] : text;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_path, recursive: true);
}
