namespace Ringmaster.Bench.Guests;

/// <summary>A program of the host that a benchmark needs.</summary>
/// <param name="Command">The program.</param>
/// <param name="Packages">Debian's packages with it.</param>
internal sealed record HostTool(string Command, params IReadOnlyList<string> Packages)
{
    /// <summary>Builds the programs. The C library's headers and archive are in a package of their own.</summary>
    public static HostTool Compiler { get; } = new("gcc", "gcc", "libc6-dev");

    /// <summary>Builds the nanobenchmarks.</summary>
    public static HostTool Assembler { get; } = new("nasm", "nasm");

    /// <summary>The peer.</summary>
    public static HostTool Qemu { get; } = new("qemu-system-x86_64", "qemu-system-x86");

    /// <summary>Whether a directory of PATH has it.</summary>
    public bool IsThere => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(directory => directory.Length > 0 && File.Exists(Path.Combine(directory, Command)));

    /// <summary>What to do if it is missing.</summary>
    public string Remedy => $"Install it: apt-get install {string.Join(' ', Packages)}";
}
