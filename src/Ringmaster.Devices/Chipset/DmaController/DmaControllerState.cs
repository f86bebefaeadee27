namespace Ringmaster.Devices.Chipset.DmaController;

/// <summary>The saved state of an <see cref="IsaDmaController"/>.</summary>
/// <param name="First">The controller of channels 0 to 3.</param>
/// <param name="Second">The controller of channels 4 to 7.</param>
/// <param name="Pages">The sixteen page registers, by port.</param>
public sealed record DmaControllerState(DmaChipState First, DmaChipState Second, byte[] Pages);
