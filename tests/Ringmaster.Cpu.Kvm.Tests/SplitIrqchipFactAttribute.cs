using Ringmaster.Cpu.Kvm;

namespace Ringmaster.Cpu.Kvm.Tests;

/// <summary>A test that needs a /dev/kvm whose kernel can have the local APICs, though it need not run guests.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SplitIrqchipFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_missing = new(Examine);

    public SplitIrqchipFactAttribute() => Skip = s_missing.Value;

    private static string? Examine()
    {
        try
        {
            using var engine = KvmEngine.Create(irqchip: KvmIrqchip.Split);
            return null;
        }
        catch (KvmException missing)
        {
            return missing.Message;
        }
    }
}
