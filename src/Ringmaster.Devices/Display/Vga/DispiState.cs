namespace Ringmaster.Devices.Display.Vga;

/// <summary>The saved state of a VGA's Bochs display interface.</summary>
/// <param name="Id">The version that the guest asked for.</param>
/// <param name="Width">Pixels of a line.</param>
/// <param name="Height">Lines.</param>
/// <param name="Depth">Bits a pixel.</param>
/// <param name="Enable">The enable register.</param>
/// <param name="Bank">The 64 KiB of video memory in the legacy window.</param>
/// <param name="VirtualWidth">Pixels from one line to the next.</param>
/// <param name="X">The first pixel shown.</param>
/// <param name="Y">The first line shown.</param>
public sealed record DispiState(ushort Id, int Width, int Height, int Depth, ushort Enable, int Bank, int VirtualWidth, int X, int Y);
