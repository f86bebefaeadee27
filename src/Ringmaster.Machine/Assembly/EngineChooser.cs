using Ringmaster.Cpu;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Translator;
using Ringmaster.Host.Kvm;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>Knows all engines: which there are, which one a choice means, and why.</summary>
public static class EngineChooser
{
    private static readonly TimeSpan s_kvmPatience = TimeSpan.FromSeconds(3);

    /// <summary>Finds the engine that a choice means on this host.</summary>
    public static EngineDecision Decide(EngineChoice choice) => choice == EngineChoice.Auto
        ? new(EngineChoice.Interpreter, "it is the one engine of this version, and works on every host")
        : new(choice, "it was asked for");

    /// <summary>Examines all engines. Tries /dev/kvm, which may take seconds.</summary>
    public static IReadOnlyList<EngineReport> Survey() => [Interpreter(), Kvm(KvmProbe.Try("/dev/kvm", s_kvmPatience))];

    /// <summary>Makes the engine.</summary>
    internal static IEngine Create(EngineDecision decision) => decision.Engine switch
    {
        EngineChoice.Interpreter => new InterpreterEngine(),
        EngineChoice.Translator => new TranslatorEngine(new TranslatorOptions { ComparesWithInterpreter = Environment.GetEnvironmentVariable("CMP") == "1", CountsInstructions = Environment.GetEnvironmentVariable("COUNT") == "1", Threshold = int.Parse(Environment.GetEnvironmentVariable("THR") ?? "40", System.Globalization.CultureInfo.InvariantCulture) }),
        _ => throw new ArgumentException($"There is no engine {decision.Engine}.", nameof(decision)),
    };

    /// <summary>Explains what trying /dev/kvm showed.</summary>
    internal static EngineReport Kvm(KvmProbeResult probe) =>
        new("kvm", probe.Works, Available: false, $"{probe.Explanation} This version cannot use it.");

    private static EngineReport Interpreter()
    {
        var auto = Decide(EngineChoice.Auto);
        var chosen = auto.Engine == EngineChoice.Interpreter ? $" \"--engine auto\" chooses it: {auto.Reason}." : "";
        return new("interpreter", HostSupports: true, Available: true, $"Carries out each instruction in C#.{chosen}");
    }
}
