using Ringmaster.Cpu;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Kvm;
using Ringmaster.Cpu.Translator;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Conformance.Tests.Engines;

/// <summary>The engines that every case runs on. An engine that is added here must pass them all.</summary>
internal static class EngineUnderTest
{
    private const string Kvm = "kvm", KvmWithApics = "kvm, split", KvmWithControllers = "kvm, kernel";

    private static string? Wanted { get; } = Environment.GetEnvironmentVariable("RINGMASTER_CONFORMANCE_ENGINES");

    private static readonly Dictionary<string, Lazy<IEngine>> s_engines = new()
    {
        ["interpreter"] = new(() => new InterpreterEngine()),
        ["translator"] = new(() => new TranslatorEngine(new TranslatorOptions { Threshold = 0 })),
        // Goes from interpreted code to generated code and back all the time.
        ["translator, warm"] = new(() => new TranslatorEngine(new TranslatorOptions { Threshold = 2 })),
        // Interrupt controllers outside, local APICs in the kernel, all controllers in the kernel.
        [Kvm] = new(() => KvmEngine.Create()),
        [KvmWithApics] = new(() => KvmEngine.Create(irqchip: KvmIrqchip.Split)),
        [KvmWithControllers] = new(() => KvmEngine.Create(irqchip: KvmIrqchip.Kernel)),
    };

    /// <summary>Whether this host's KVM runs guests, and why not if not.</summary>
    public static KvmProbeResult KvmProbe { get; } = Host.Kvm.KvmProbe.Try("/dev/kvm", TimeSpan.FromSeconds(20));

    /// <summary>
    /// The engines whose every step is their own: those that tell what happens inside, that have all of a model's features, and that
    /// bytes at random are safe on, which an emulated processor's assist may not survive.
    /// </summary>
    public static IReadOnlyCollection<string> InSoftware { get; } = [.. s_engines.Keys.Where(name => !IsKvm(name))];

    /// <summary>
    /// The engines that work on this host. Where nothing but KVM's are wanted, as in a lab host, RINGMASTER_CONFORMANCE_ENGINES=kvm spares
    /// the time that it takes to make tests of the others.
    /// </summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. s_engines.Keys.Where(name => IsKvm(name) ? KvmProbe.Works : Wanted != "kvm")];

    /// <summary>Whether it is the engine that only some hosts have, wherever its interrupt controllers are.</summary>
    public static bool IsKvm(string name) => name is Kvm or KvmWithApics or KvmWithControllers;

    /// <summary>Whether its local APICs are the kernel's, too.</summary>
    public static bool HasApics(string name) => name is KvmWithApics or KvmWithControllers;

    public static IEngine Get(string name) => s_engines[name].Value;
}
