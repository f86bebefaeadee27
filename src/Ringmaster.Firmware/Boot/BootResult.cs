using Ringmaster.Cpu.State;

namespace Ringmaster.Firmware.Boot;

/// <summary>A kernel that has been put into guest RAM.</summary>
/// <param name="Cpu">The state in which the bootstrap processor starts.</param>
/// <param name="Format">What the image was found to be, for people: <c>"Linux bzImage, 64-bit entry"</c>.</param>
public sealed record BootResult(CpuState Cpu, string Format);
