namespace Ringmaster.Devices.Display.Vga;

/// <summary>The saved state of a VGA's colour table.</summary>
/// <param name="Table">Red, green and blue of 256 colours.</param>
/// <param name="ReadIndex">The colour that is read next.</param>
/// <param name="WriteIndex">The colour that is written next.</param>
/// <param name="Part">0 to 2: the part that is read or written next.</param>
/// <param name="Reading">Whether the read index was set after the write index.</param>
/// <param name="Mask">The pixel mask.</param>
public sealed record VgaDacState(byte[] Table, byte ReadIndex, byte WriteIndex, byte Part, bool Reading, byte Mask);
