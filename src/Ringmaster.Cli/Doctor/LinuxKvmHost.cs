using System.Globalization;
using Ringmaster.Host.Files;

namespace Ringmaster.Cli.Doctor;

/// <summary>The host that this process runs on.</summary>
internal sealed class LinuxKvmHost : IKvmHost
{
    private const string ModuleDirectory = "/sys/module";

    /// <inheritdoc/>
    public string? ProcessorAssist { get; } = HostCpu.Features().FirstOrDefault(f => f is "svm" or "vmx");

    /// <inheritdoc/>
    public bool KernelShowsAssist { get; } = Lines("/proc/cpuinfo")
        .FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal))?.Split(' ').Any(f => f is "svm" or "vmx") ?? false;

    /// <inheritdoc/>
    public string? Hypervisor { get; } = HostCpu.Hypervisor();

    /// <inheritdoc/>
    public string? Container { get; } = ContainerDetection.Find("/");

    /// <inheritdoc/>
    public IReadOnlySet<string> Modules { get; } = Directory.Exists(ModuleDirectory)
        ? Directory.EnumerateDirectories(ModuleDirectory, "kvm*").Select(d => Path.GetFileName(d)).ToHashSet()
        : new HashSet<string>();

    /// <inheritdoc/>
    public DeviceNode? Device { get; } = FindDevice();

    /// <inheritdoc/>
    public string User => Environment.UserName;

    /// <inheritdoc/>
    public bool IsRoot => Environment.IsPrivilegedProcess;

    /// <inheritdoc/>
    public string? Parameter(string module, string name) =>
        Lines(Path.Combine(ModuleDirectory, module, "parameters", name)).FirstOrDefault()?.Trim();

    private static DeviceNode? FindDevice()
    {
        const uint groupReadsAndWrites = 0x30;
        using var directory = FileNode.OpenDirectory("/dev");
        if (directory.Find("kvm"u8, out var node) != HostError.None)
            return null;
        using (node)
        {
            if (node!.GetStatus(out var status) != HostError.None)
                return null;
            var number = status.Group.ToString(CultureInfo.InvariantCulture);
            // group(5): name, password, number, members.
            var name = Lines("/etc/group").Select(l => l.Split(':')).FirstOrDefault(f => f.Length >= 3 && f[2] == number)?[0];
            return new(name ?? number, (status.Mode & groupReadsAndWrites) == groupReadsAndWrites);
        }
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
