namespace Ringmaster.Bench.Boot;

/// <summary>A virtual machine monitor under measurement.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Program">What is started.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="RamMapping">Whether a mapping of its process is the guest's RAM.</param>
internal sealed record Contestant(string Name, string Program, IReadOnlyList<string> Arguments, Func<ProcessMapping, bool> RamMapping)
{
    private const string MemoryFileName = "memfd:guest-ram";

    public static Contestant Ringmaster(BootOptions options) => new(
        "ringmaster", options.Ringmaster,
        [
            "run", "--engine", options.Engine, "--memory", $"{options.Memory}M",
            "--kernel", options.Kernel, "--initrd", options.Initrd, "--append", options.CommandLine,
        ],
        mapping => mapping.Name.Contains(MemoryFileName, StringComparison.Ordinal));

    public static Contestant Qemu(BootOptions options) => new(
        "qemu", "qemu-system-x86_64",
        [
            "-accel", "tcg", "-cpu", options.QemuCpu, "-m", $"{options.Memory}", "-nographic", "-no-reboot",
            "-kernel", options.Kernel, "-initrd", options.Initrd, "-append", options.CommandLine,
        ],
        // Its RAM is anonymous; no other mapping of its process is that large and writable.
        mapping => mapping is { Name: "", IsWritable: true } && mapping.Length >= (long)options.Memory << 20);

    /// <summary>The command as a shell would take it.</summary>
    public string Command => string.Join(' ', Arguments.Prepend(Program).Select(Quoted));

    private static string Quoted(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=,:+".Contains(c)) ? word : $"'{word}'";
}
