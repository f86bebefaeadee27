using Ringmaster.Bench.Monitors;

namespace Ringmaster.Bench.Suite;

/// <summary>Where the same work is measured.</summary>
/// <param name="Name">Its name in the report: native, qemu or an engine's.</param>
/// <param name="Monitor">What runs the guest; null for the host itself.</param>
internal sealed record Setting(string Name, IMonitor? Monitor)
{
    public const string NativeName = "native", QemuName = "qemu";

    /// <summary>The host without a guest.</summary>
    public static Setting Native { get; } = new(NativeName, null);

    /// <summary>Whether it is an engine of Ringmaster.</summary>
    public bool IsEngine => Monitor is RingmasterMonitor;
}
