using Ringmaster.Cpu.Kvm;

namespace Ringmaster.Cpu.Kvm.Tests;

/// <summary>A test that needs a /dev/kvm that makes vCPUs, though it need not run them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KvmDeviceFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_missing = new(Examine);

    public KvmDeviceFactAttribute(params string[] features) => Skip = s_missing.Value ?? Lacking(features);

    private static string? Lacking(string[] features)
    {
        if (features.Length == 0)
            return null;
        using var engine = KvmEngine.Create();
        return features.FirstOrDefault(name => !engine.Features.Features.Contains(name)) is { } missing ? $"The host's KVM lacks {missing}." : null;
    }

    private static string? Examine()
    {
        try
        {
            using var engine = KvmEngine.Create();
            return null;
        }
        catch (KvmException missing)
        {
            return missing.Message;
        }
    }
}
