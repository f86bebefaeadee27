using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests;

/// <summary>As <see cref="OracleFactAttribute"/>, for several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OracleTheoryAttribute : TheoryAttribute
{
    public OracleTheoryAttribute()
    {
        if (OracleProgram.Obstacle is { } obstacle)
            Skip = $"no oracle: {obstacle}";
    }
}
