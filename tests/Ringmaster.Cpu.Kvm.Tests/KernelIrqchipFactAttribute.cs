using Ringmaster.Cpu.Kvm;

namespace Ringmaster.Cpu.Kvm.Tests;

/// <summary>A test that needs a /dev/kvm whose kernel can have all interrupt controllers, though it need not run guests.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelIrqchipFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_missing = new(Examine);

    public KernelIrqchipFactAttribute() => Skip = s_missing.Value;

    private static string? Examine()
    {
        try
        {
            using var engine = KvmEngine.Create(irqchip: KvmIrqchip.Kernel);
            return null;
        }
        catch (KvmException missing)
        {
            return missing.Message;
        }
    }
}
