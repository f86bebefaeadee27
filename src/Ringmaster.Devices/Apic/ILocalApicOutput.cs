namespace Ringmaster.Devices.Apic;

/// <summary>What a local APIC tells its processor. Called with the machine's lock held; must not call back into the APIC.</summary>
public interface ILocalApicOutput
{
    /// <summary><see cref="LocalApic.HasInterrupt"/> is true and something has just happened: wake or interrupt the vCPU.</summary>
    void InterruptPending();

    /// <summary>A non-maskable interrupt arrived.</summary>
    void Nmi();

    /// <summary>An INIT arrived. The APIC has already put itself into its state after INIT.</summary>
    void Init();

    /// <summary>A start-up IPI arrived; it means something only to a processor that waits for one.</summary>
    /// <param name="vector">Execution starts at physical address <paramref name="vector"/> * 4096.</param>
    void Startup(byte vector);

    /// <summary>A system-management interrupt arrived.</summary>
    void Smi();
}
