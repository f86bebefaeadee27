using Ringmaster.Cpu;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Kvm;
using Ringmaster.Cpu.Translator;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Conformance.Tests.Engines;

/// <summary>The engines that every case runs on. An engine that is added here must pass them all.</summary>
internal static class EngineUnderTest
{
    /// <summary>The engine that only some hosts have.</summary>
    public const string Kvm = "kvm";

    private static readonly Dictionary<string, Lazy<IEngine>> s_engines = new()
    {
        ["interpreter"] = new(() => new InterpreterEngine()),
        ["translator"] = new(() => new TranslatorEngine(new TranslatorOptions { Threshold = 0 })),
        // Goes from interpreted code to generated code and back all the time.
        ["translator, warm"] = new(() => new TranslatorEngine(new TranslatorOptions { Threshold = 2 })),
        [Kvm] = new(() => KvmEngine.Create()),
    };

    /// <summary>Whether this host's KVM runs guests, and why not if not.</summary>
    public static KvmProbeResult KvmProbe { get; } = Host.Kvm.KvmProbe.Try("/dev/kvm", TimeSpan.FromSeconds(20));

    /// <summary>
    /// The engines whose every step is their own: those that tell what happens inside, that have all of a model's features, and that
    /// bytes at random are safe on, which an emulated processor's assist may not survive.
    /// </summary>
    public static IReadOnlyCollection<string> InSoftware { get; } = [.. s_engines.Keys.Where(name => name != Kvm)];

    /// <summary>The engines that work on this host.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. s_engines.Keys.Where(name => name != Kvm || KvmProbe.Works)];

    public static IEngine Get(string name) => s_engines[name].Value;
}
