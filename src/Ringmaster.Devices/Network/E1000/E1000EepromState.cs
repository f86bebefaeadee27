namespace Ringmaster.Devices.Network.E1000;

/// <summary>The saved state of an EEPROM's bus.</summary>
/// <param name="Control">The register for single bits.</param>
/// <param name="Shift">Bits of the command so far, or the address.</param>
/// <param name="Count">How many bits have been shifted.</param>
/// <param name="Output">What is still to be shifted out.</param>
/// <param name="IsReading">Whether a word is being shifted out.</param>
public sealed record E1000EepromState(uint Control, int Shift, int Count, ushort Output, bool IsReading);
