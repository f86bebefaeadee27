namespace Ringmaster.Machine.Running;

/// <summary>What a vCPU is among a machine's others.</summary>
/// <param name="IsBootstrap">It starts the machine; the others wait until it starts them (SDM 3A 9.4.1).</param>
/// <param name="InitResetsMachine">An INIT to it resets the whole machine.</param>
/// <param name="Signature">What EDX holds after a reset or an INIT: CPUID leaf 1's EAX.</param>
internal sealed record VcpuRole(bool IsBootstrap, bool InitResetsMachine, uint Signature);
