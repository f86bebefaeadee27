using System.Security.Cryptography;

namespace Ringmaster.Backends.Guests;

/// <summary>The initial RAM disk of the default guest: busybox and a script that starts a shell on the console.</summary>
internal static class DefaultInitrd
{
    private const string ScriptResource = "Ringmaster.Backends.Guests.init.sh";

    /// <summary>Builds the archive.</summary>
    /// <param name="busybox">The static busybox program.</param>
    internal static byte[] Build(ReadOnlySpan<byte> busybox)
    {
        var archive = new CpioArchive();
        foreach (var directory in (string[])["bin", "dev", "etc", "proc", "root", "run", "sys", "tmp"])
            archive.AddDirectory(directory);
        // init writes to the console before it can mount the real /dev.
        archive.AddCharacterDevice("dev/console", 5, 1);
        archive.AddCharacterDevice("dev/null", 1, 3);
        archive.AddFile("bin/busybox", busybox, executable: true);
        archive.AddLink("bin/sh", "busybox");
        archive.AddFile("init", Script(), executable: true);
        return archive.ToArray();
    }

    /// <summary>A short text that changes whenever the script does, for naming a built archive.</summary>
    internal static string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(Script()))[..12];

    private static byte[] Script()
    {
        using var resource = typeof(DefaultInitrd).Assembly.GetManifestResourceStream(ScriptResource)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
