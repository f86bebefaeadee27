namespace Ringmaster.Devices.Chipset.DmaController;

/// <summary>How far a device's transfer has come.</summary>
/// <param name="Bytes">Bytes moved.</param>
/// <param name="IsTerminal">Whether the channel has come to its terminal count, which ends the transfer.</param>
public readonly record struct DmaTransfer(int Bytes, bool IsTerminal);
