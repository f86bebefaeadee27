using Ringmaster.Cpu.Kvm;

namespace Ringmaster.Cpu.Kvm.Tests;

/// <summary>A test that needs a /dev/kvm that makes vCPUs, though it need not run them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KvmDeviceFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_missing = new(Examine);

    public KvmDeviceFactAttribute() => Skip = s_missing.Value;

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
