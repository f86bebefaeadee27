namespace Ringmaster.Devices.Apic;

/// <summary>
/// What messages go to while the local APICs are lent to whoever runs the processors; see <see cref="ApicBus.Lend"/>. Called with the
/// machine's lock held.
/// </summary>
public interface IApicCarrier
{
    /// <summary>Delivers a message.</summary>
    /// <returns>Whether at least one local APIC accepted it.</returns>
    bool Deliver(in ApicMessage message);

    /// <summary>What level-triggered inputs of an I/O APIC send has changed: who ends such an interrupt must be told of.</summary>
    /// <param name="messages">By input; null for one that is not level-triggered.</param>
    void LevelsChanged(IReadOnlyList<ApicMessage?> messages);
}
