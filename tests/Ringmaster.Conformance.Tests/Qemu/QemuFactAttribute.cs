using Ringmaster.Conformance.Tests.Qemu.Machine;

namespace Ringmaster.Conformance.Tests.Qemu;

/// <summary>A test that compares with QEMU, and is shown as skipped where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QemuFactAttribute : FactAttribute
{
    public QemuFactAttribute()
    {
        if (QemuProgram.Obstacle is { } obstacle)
            Skip = obstacle;
    }
}
