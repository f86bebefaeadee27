using Ringmaster.Cpu.Interrupts;
using Ringmaster.Devices.Apic;

namespace Ringmaster.Machine.Running;

/// <summary>Takes devices' messages to local APICs that the engine has.</summary>
/// <param name="fabric">The engine's.</param>
internal sealed class FabricCarrier(IInterruptFabric fabric) : IApicCarrier
{
    /// <inheritdoc/>
    public bool Deliver(in ApicMessage message) => message.Mode switch
    {
        // As VcpuRunner.Smi: it returns at once.
        DeliveryMode.Smi => true,
        _ => fabric.Send(Translate(message)),
    };

    /// <inheritdoc/>
    public void LevelsChanged(IReadOnlyList<ApicMessage?> messages) =>
        fabric.SetLevels([.. messages.Select(message => message is { } there ? Translate(there) : (InterruptMessage?)null)]);

    private static InterruptMessage Translate(in ApicMessage message) =>
        new(message.Destination.Id, message.Destination.IsLogical, (byte)message.Mode, message.Vector, message.IsLevel);
}
