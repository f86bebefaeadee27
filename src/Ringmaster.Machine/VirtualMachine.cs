using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine;

/// <summary>A virtual machine: memory, vCPUs and devices, assembled from a configuration.</summary>
public static class VirtualMachine
{
    /// <summary>Assembles a machine.</summary>
    /// <param name="config">What it consists of.</param>
    /// <param name="host">What it is connected to outside.</param>
    /// <exception cref="MachineSetupException">The configuration or one of its files cannot be used.</exception>
    public static IRunnableMachine Create(MachineConfig config, MachineHost host)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(host);
        throw new MachineSetupException($"This build has no engine for \"{config.Engine}\". Use a build that has one.");
    }
}
