namespace Ringmaster.Devices.Debug;

/// <summary>The saved state of a <see cref="TestDevice"/>.</summary>
/// <param name="PortData">The four bytes behind the data ports.</param>
/// <param name="Lines">Levels of the interrupt lines, one bit each.</param>
/// <param name="Memory">The 64 KiB of device memory.</param>
public sealed record TestDeviceState(uint PortData, uint Lines, byte[] Memory);
