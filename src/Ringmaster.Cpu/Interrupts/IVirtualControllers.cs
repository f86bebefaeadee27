namespace Ringmaster.Cpu.Interrupts;

/// <summary>
/// The 8259 pair and the I/O APIC of a guest whose engine has them itself while the guest runs, beside its local APICs. As with those
/// (<see cref="IVirtualApic"/>), the machine's own devices have the state while the vCPUs stand still.
/// </summary>
public interface IVirtualControllers
{
    /// <summary>Takes the state on, after the local APICs have theirs. All vCPUs stand still.</summary>
    /// <param name="master">The 8259A with inputs 0 to 7.</param>
    /// <param name="slave">The 8259A with inputs 8 to 15.</param>
    /// <param name="ioApic">The I/O APIC.</param>
    void Import(PicRegisters master, PicRegisters slave, IoApicRegisters ioApic);

    /// <summary>Gives the state, but for the levels of inputs, which are the machine's to know. All vCPUs stand still.</summary>
    (PicRegisters Master, PicRegisters Slave, IoApicRegisters IoApic) Export();

    /// <summary>Drives an input of the 8259 pair. From any thread.</summary>
    /// <param name="input">0 to 15, but not 2.</param>
    /// <param name="asserted">The level.</param>
    void SetPicInput(int input, bool asserted);

    /// <summary>Drives an input of the I/O APIC. From any thread.</summary>
    /// <param name="input">0 to 23.</param>
    /// <param name="asserted">The level.</param>
    void SetIoApicInput(int input, bool asserted);
}
