namespace Ringmaster.Firmware.Mp;

/// <summary>What the MP tables say about every processor.</summary>
/// <param name="Signature">CPUID leaf 1's EAX.</param>
/// <param name="Features">CPUID leaf 1's EDX, of which the specification knows FPU, MCE, CX8 and APIC.</param>
public readonly record struct MpProcessor(uint Signature, uint Features);
