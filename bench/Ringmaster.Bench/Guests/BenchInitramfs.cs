using System.Text;
using Ringmaster.Firmware.Initramfs;

namespace Ringmaster.Bench.Guests;

/// <summary>The Linux guest's initial RAM disk: init, the programs, and a plan of which to run.</summary>
internal static class BenchInitramfs
{
    private const uint Executable = 0x1ED;

    /// <summary>The kernel's command line: its messages are kept off the console, where they would cut into results.</summary>
    public const string CommandLine = "console=ttyS0 loglevel=1 panic=-1";

    /// <summary>Where the second guest's program is.</summary>
    public const string Server = "/bench/server";

    /// <summary>Composes the archive.</summary>
    /// <param name="images">The programs.</param>
    /// <param name="plan">What to run, one program with its arguments a line.</param>
    /// <param name="modules">What to load first; null for nothing.</param>
    public static byte[] Compose(GuestImages images, IEnumerable<string> plan, GuestModules? modules = null)
    {
        var archive = new CpioArchive();
        archive.AddDirectory("dev");
        // The kernel opens it for init before init runs.
        archive.AddCharacterDevice("dev/console", 5, 1);
        archive.AddCharacterDevice("dev/null", 1, 3, 0x1B6);
        archive.AddCharacterDevice("dev/kmsg", 1, 11);
        archive.AddFile("init", File.ReadAllBytes(images.Init), Executable);
        // The program beside which init and the programs look for each other.
        archive.AddFile("bench/programs", File.ReadAllBytes(images.Programs), Executable);
        archive.AddFile("bench/nothing", File.ReadAllBytes(images.Nothing), Executable);
        archive.AddFile("plan", Lines(plan));
        if (modules is null)
            return archive.ToArray();
        archive.AddFile(Server[1..], File.ReadAllBytes(images.Server), Executable);
        foreach (var file in modules.Files)
            archive.AddFile($"modules/{Path.GetFileName(file)}", File.ReadAllBytes(Path.Combine(modules.Directory, file)));
        archive.AddFile("modules/order", Lines(modules.Files.Select(file => Path.GetFileName(file))));
        return archive.ToArray();
    }

    private static byte[] Lines(IEnumerable<string> lines) => Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n")));
}
