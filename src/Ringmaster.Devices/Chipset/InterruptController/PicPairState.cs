namespace Ringmaster.Devices.Chipset.InterruptController;

/// <summary>The saved state of a <see cref="PicPair"/>.</summary>
/// <param name="Master">The 8259A with inputs 0 to 7.</param>
/// <param name="Slave">The 8259A with inputs 8 to 15.</param>
public sealed record PicPairState(PicChipState Master, PicChipState Slave);
