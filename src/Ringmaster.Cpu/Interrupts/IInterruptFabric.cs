namespace Ringmaster.Cpu.Interrupts;

/// <summary>What leads to the local APICs of a guest whose engine has them itself; see <see cref="IVirtualApic"/>. Any thread may call.</summary>
public interface IInterruptFabric
{
    /// <summary>The other interrupt controllers, if the engine has those, too.</summary>
    IVirtualControllers? Controllers => null;

    /// <summary>Sends a message to the local APICs, of which no vCPU needs to know.</summary>
    /// <returns>Whether at least one has accepted it.</returns>
    bool Send(in InterruptMessage message);

    /// <summary>
    /// Says which messages an I/O APIC sends for level-triggered inputs: the end of such an interrupt is an exit of kind
    /// <see cref="Exits.VmExitKind.EndOfInterrupt"/>.
    /// </summary>
    /// <param name="messages">By input; null for those that are not level-triggered.</param>
    void SetLevels(IReadOnlyList<InterruptMessage?> messages);
}
