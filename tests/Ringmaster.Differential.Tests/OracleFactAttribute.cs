using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests;

/// <summary>A test that compares with the host CPU, and is shown as skipped where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OracleFactAttribute : FactAttribute
{
    public OracleFactAttribute()
    {
        if (OracleProgram.Obstacle is { } obstacle)
            Skip = $"no oracle: {obstacle}";
    }
}
