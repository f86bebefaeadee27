namespace Ringmaster.Cpu.Interrupts;

/// <summary>
/// The local APIC of a vCPU whose engine has it itself while the guest runs. The machine's own device has its state while the vCPUs
/// stand still, so that it is saved, reset and restored as with any engine; it gives the state before they run and takes it afterwards.
/// </summary>
/// <remarks>
/// Such a vCPU takes INIT, start-up IPIs and fixed interrupts by itself, and waits by itself while it is halted or waits for a start-up
/// IPI: <see cref="IVirtualCpu.Run"/> does not return for that, and a kick ends the wait. What is left to the machine are NMIs of its own and
/// the interrupts of an 8259 pair at LINT0: <see cref="IVirtualCpu.CanTakeInterrupt"/> says whether the APIC lets one through.
/// </remarks>
public interface IVirtualApic
{
    /// <summary>Takes the state on; the timer goes on from there. All vCPUs stand still, and the VM's clock runs already.</summary>
    void Import(ApicRegisters registers);

    /// <summary>Gives the state. All vCPUs stand still, and the VM's clock still runs.</summary>
    ApicRegisters Export();
}
