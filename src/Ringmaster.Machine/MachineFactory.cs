using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine;

/// <summary>Assembles a machine.</summary>
/// <param name="config">What it consists of.</param>
/// <param name="host">What it is connected to outside.</param>
/// <returns>A machine ready to run.</returns>
/// <exception cref="MachineSetupException">The configuration or one of its files cannot be used.</exception>
public delegate IRunnableMachine MachineFactory(MachineConfig config, MachineHost host);
