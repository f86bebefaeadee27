using Ringmaster.Cpu.Kvm;
using Ringmaster.Cpu.Translator;

namespace Ringmaster.Machine.Configuration;

/// <summary>How guest code is executed.</summary>
/// <param name="Choice">The engine.</param>
public sealed record EngineConfig(EngineChoice Choice)
{
    private static readonly TranslatorOptions s_translator = new();

    /// <summary>The best engine that works here, with its usual settings.</summary>
    public static EngineConfig Default { get; } = new(EngineChoice.Auto);

    /// <summary>Most memory that the translator keeps generated code in.</summary>
    public ByteSize CodeCache { get; init; } = new((ulong)s_translator.CodeCacheSize);

    /// <summary>How often the translator interprets a block before it translates it; 0 translates at once.</summary>
    public int Threshold { get; init; } = s_translator.Threshold;

    /// <summary>The translator counts the guest's instructions exactly.</summary>
    public bool CountsInstructions { get; init; }

    /// <summary>The translator writes /tmp/perf-PID.map, by which perf can name generated code.</summary>
    public bool WritesPerfMap { get; init; }

    /// <summary>The translator and the interpreter run in lockstep until they differ.</summary>
    public bool Compares { get; init; }

    /// <summary>
    /// Devices' notification registers set events where the engine can do that, and their queues are worked on by a thread of its own; otherwise
    /// they are exits, and the vCPU's thread does the work, which takes less time for what is done at once.
    /// </summary>
    public bool UsesDoorbells { get; init; }

    /// <summary>Which interrupt controllers the kernel has with KVM; null for the local APICs if it can.</summary>
    public KvmIrqchip? Irqchip { get; init; }
}
