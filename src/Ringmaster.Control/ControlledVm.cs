using Ringmaster.Machine;

namespace Ringmaster.Control;

/// <summary>What a control socket controls.</summary>
/// <param name="Name">What its owner calls the VM.</param>
/// <param name="Engine">What executes its code.</param>
/// <param name="MemoryBytes">Bytes of RAM.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Stop">Ends the run soon, as a signal to the process would.</param>
public sealed record ControlledVm(string Name, string Engine, ulong MemoryBytes, IRunnableMachine Machine, Action Stop)
{
    /// <summary>
    /// Opens what a new device is plugged into, plugs it in, and returns its name. Throws an <see cref="InvalidOperationException"/> that
    /// says why not.
    /// </summary>
    public Func<VmDeviceRequest, string> Plug { get; init; } = _ => throw new InvalidOperationException("Nothing can be plugged into this VM.");

    internal VmStatus Describe()
    {
        var elapsed = Machine.Statistics.Elapsed.TotalSeconds;
        return new VmStatus(Name, Machine.Status.ToString().ToLowerInvariant(), Environment.ProcessId, Engine, Machine.Cpus, MemoryBytes, elapsed);
    }

    internal VmStatistics Count()
    {
        var counted = Machine.Statistics;
        return new VmStatistics(counted.Elapsed.TotalSeconds, counted.Interrupts, counted.Exits,
            counted.Engine.ToDictionary(counter => counter.Name, counter => counter.Value));
    }
}
