using Ringmaster.Cpu;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Kvm;
using Ringmaster.Cpu.Translator;
using Ringmaster.Host.Kvm;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>Knows all engines: which there are, which one a choice means, and why.</summary>
public static class EngineChooser
{
    private const string KvmDevice = "/dev/kvm";
    private static readonly TimeSpan s_kvmPatience = TimeSpan.FromSeconds(3);

    /// <summary>Finds the engine that a choice means on this host.</summary>
    /// <param name="choice">The choice.</param>
    /// <exception cref="MachineSetupException">It does not work here.</exception>
    public static EngineDecision Decide(EngineChoice choice) =>
        Decide(choice, TranslatorSupport.Examine(), choice is EngineChoice.Auto or EngineChoice.Kvm ? KvmSupport.Examine(KvmDevice, s_kvmPatience) : null);

    /// <summary>As <see cref="Decide(EngineChoice)"/>, with what trying the translator and KVM showed.</summary>
    internal static EngineDecision Decide(EngineChoice choice, TranslatorSupport translator, KvmSupport? kvm) => choice switch
    {
        EngineChoice.Auto when kvm is { Works: true } => new(EngineChoice.Kvm, "the host's processor executes the guest itself"),
        EngineChoice.Auto when translator.Works => new(EngineChoice.Translator, $"it is the fastest engine of this version that works on this host{WhyNot(kvm)}"),
        EngineChoice.Auto => new(EngineChoice.Interpreter,
            $"it works on every host, and the translator does not work on this one: {translator.Explanation.TrimEnd('.')}{WhyNot(kvm)}"),
        EngineChoice.Kvm when kvm is { Works: false } =>
            throw new MachineSetupException($"The engine \"kvm\" does not work on this host. {kvm.Explanation} Use \"--engine auto\"."),
        EngineChoice.Translator when !translator.Works =>
            throw new MachineSetupException($"The engine \"translator\" does not work on this host. {translator.Explanation} Use \"--engine interpreter\"."),
        _ => new(choice, "it was asked for"),
    };

    /// <summary>Examines all engines. Tries /dev/kvm, which may take seconds.</summary>
    public static IReadOnlyList<EngineReport> Survey()
    {
        var translator = TranslatorSupport.Examine();
        var kvm = KvmSupport.Examine(KvmDevice, s_kvmPatience);
        var auto = Decide(EngineChoice.Auto, translator, kvm);
        return [Translator(translator, auto), Interpreter(auto), Kvm(kvm, auto)];
    }

    /// <summary>Makes the engine for a machine with some vCPUs.</summary>
    internal static IEngine Create(EngineDecision decision, EngineConfig config, int cpus) => decision.Engine switch
    {
        EngineChoice.Translator when config.Compares && cpus > 1 =>
            throw new MachineSetupException($"The comparison of the translator with the interpreter runs one CPU, not {cpus}. Use \"--cpus 1\"."),
        EngineChoice.Interpreter => new InterpreterEngine(),
        EngineChoice.Kvm => OpenKvm(config.Irqchip),
        EngineChoice.Translator => new TranslatorEngine(new TranslatorOptions
        {
            CodeCacheSize = (int)config.CodeCache.Bytes,
            Threshold = config.Threshold,
            CountsInstructions = config.CountsInstructions,
            WritesPerfMap = config.WritesPerfMap,
            ComparesWithInterpreter = config.Compares,
        }),
        _ => throw new ArgumentException($"There is no engine {decision.Engine}.", nameof(decision)),
    };

    /// <summary>Explains what trying /dev/kvm showed.</summary>
    internal static EngineReport Kvm(KvmSupport support, EngineDecision auto) =>
        new("kvm", support.Probe.Works, support.Works, support.Explanation + ChosenByAuto(EngineChoice.Kvm, auto));

    // That a host has no device that runs guests is the usual case, which the doctor explains.
    private static string WhyNot(KvmSupport? kvm) => kvm?.Refusal is { } refusal ? $", for its KVM does not do: {refusal.TrimEnd('.')}" : "";

    private static EngineReport Translator(TranslatorSupport support, EngineDecision auto) =>
        new("translator", support.Works, support.Works, support.Explanation + ChosenByAuto(EngineChoice.Translator, auto));

    private static EngineReport Interpreter(EngineDecision auto) =>
        new("interpreter", HostSupports: true, Available: true, "Carries out each instruction in C#." + ChosenByAuto(EngineChoice.Interpreter, auto));

    private static string ChosenByAuto(EngineChoice engine, EngineDecision auto) =>
        auto.Engine == engine ? $" \"--engine auto\" chooses it: {auto.Reason}." : "";

    private static KvmEngine OpenKvm(KvmIrqchip? irqchip)
    {
        try
        {
            return KvmEngine.Create(KvmDevice, irqchip);
        }
        catch (KvmException error)
        {
            throw new MachineSetupException($"{error.Message} Use \"--engine translator\".", error);
        }
    }
}
