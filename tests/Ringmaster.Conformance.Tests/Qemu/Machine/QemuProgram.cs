using System.Diagnostics;

namespace Ringmaster.Conformance.Tests.Qemu.Machine;

/// <summary>The installed QEMU.</summary>
internal static class QemuProgram
{
    public const string Name = "qemu-system-x86_64";

    /// <summary>The version whose behaviour <see cref="Explanations.Explanation.All"/> describes.</summary>
    public const string ExplainedVersion = "7.2";

    /// <summary>Why cases cannot be compared here, or null if they can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    private static string? FindObstacle()
    {
        try
        {
            using var qemu = Process.Start(new ProcessStartInfo(Name, ["-version"]) { RedirectStandardOutput = true })!;
            var answer = qemu.StandardOutput.ReadLine() ?? "";
            qemu.WaitForExit();
            return answer.Contains($" {ExplainedVersion}.", StringComparison.Ordinal) ? null
                : $"differences are explained for QEMU {ExplainedVersion}; this is '{answer}'";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{Name} is not installed";
        }
    }
}
