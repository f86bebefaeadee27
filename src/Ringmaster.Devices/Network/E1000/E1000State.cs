using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>The saved state of an <see cref="E1000Card"/>.</summary>
/// <param name="Pci">That of the PCI function.</param>
/// <param name="Registers">Those that are not zero, by offset.</param>
/// <param name="Phy">The transceiver's registers, 32.</param>
/// <param name="Eeprom">The EEPROM's bus.</param>
/// <param name="Transmit">The transmitter.</param>
/// <param name="IoAddress">The register that the I/O window shows.</param>
/// <param name="IsLinkUp">Whether the cable is plugged in.</param>
/// <param name="LinkAt">When both ends will have found each other, in nanoseconds of the clock, if they have not.</param>
/// <param name="IsStarved">Whether a frame waits for descriptors.</param>
/// <param name="NotBefore">When the next interrupt may come, in nanoseconds of the clock.</param>
/// <param name="ReceiveLast">When what was received is told at the latest.</param>
/// <param name="ReceiveNext">When it is told if nothing more is received.</param>
/// <param name="TransmitLast">When what was sent is told at the latest.</param>
/// <param name="TransmitNext">When it is told if nothing more is sent.</param>
public sealed record E1000State(
    PciFunctionState Pci, IReadOnlyDictionary<int, uint> Registers, ushort[] Phy, E1000EepromState Eeprom, E1000TransmitState Transmit, uint IoAddress,
    bool IsLinkUp, long? LinkAt, bool IsStarved, long NotBefore, long? ReceiveLast, long? ReceiveNext, long? TransmitLast, long? TransmitNext);
