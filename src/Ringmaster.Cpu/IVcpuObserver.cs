namespace Ringmaster.Cpu;

/// <summary>Hears of events inside a vCPU that cause no exit; for traces. Called on the vCPU's thread.</summary>
public interface IVcpuObserver
{
    /// <summary>An exception is about to be delivered through the IDT.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="vector">The vector, 0 to 31.</param>
    /// <param name="errorCode">The error code, if the exception has one.</param>
    /// <param name="rip">RIP that the handler will see.</param>
    void ExceptionDelivered(VcpuIndex vcpu, byte vector, uint? errorCode, ulong rip);

    /// <summary>A page walk faulted.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="address">The linear address.</param>
    /// <param name="errorCode">The page-fault error code (SDM 3A 4.7).</param>
    /// <param name="rip">RIP of the block that faulted.</param>
    void PageFaulted(VcpuIndex vcpu, LinearAddress address, uint errorCode, ulong rip);

    /// <summary>All translations were dropped.</summary>
    /// <param name="vcpu">The vCPU.</param>
    void TlbFlushed(VcpuIndex vcpu);

    /// <summary>
    /// The guest executed an instruction that its CPU model has and the engine lacks. It must not happen; the guest gets #UD.
    /// </summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="instruction">What it was, for people.</param>
    /// <param name="rip">Where.</param>
    void InstructionMissing(VcpuIndex vcpu, string instruction, ulong rip);
}
