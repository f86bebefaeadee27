using Ringmaster.Cpu;
using Ringmaster.Cpu.Kvm;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>Engines without a machine around them, for what examines engines.</summary>
public static class BareEngine
{
    /// <summary>Makes an engine. The translator is one that interprets nothing which it can translate.</summary>
    /// <param name="name">As <see cref="EngineReport.Name"/>.</param>
    /// <exception cref="ArgumentException">There is no engine of this name.</exception>
    /// <exception cref="MachineSetupException">It does not work on this host.</exception>
    public static IEngine Open(string name)
    {
        var known = Enum.TryParse<EngineChoice>(name, ignoreCase: true, out var choice) && choice != EngineChoice.Auto;
        return known
            ? EngineChooser.Create(EngineChooser.Decide(choice), new EngineConfig(choice) { Threshold = 0, Irqchip = KvmIrqchip.User }, cpus: 1)
            : throw new ArgumentException($"There is no engine \"{name}\".", nameof(name));
    }
}
