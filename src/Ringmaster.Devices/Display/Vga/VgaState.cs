namespace Ringmaster.Devices.Display.Vga;

/// <summary>The saved state of a <see cref="VgaDevice"/>.</summary>
/// <param name="Answers">Port 3C3h, bit 0.</param>
/// <param name="Miscellaneous">The miscellaneous output register.</param>
/// <param name="Feature">The feature control register.</param>
/// <param name="SequencerIndex">Port 3C4h.</param>
/// <param name="Sequencer">The sequencer's registers.</param>
/// <param name="GraphicsIndex">Port 3CEh.</param>
/// <param name="Graphics">The graphics controller's registers.</param>
/// <param name="AttributeIndex">Port 3C0h, as index.</param>
/// <param name="AttributeDataNext">Whether the next write of port 3C0h is data.</param>
/// <param name="Attribute">The attribute controller's registers.</param>
/// <param name="CrtcIndex">Port 3D4h or 3B4h.</param>
/// <param name="Crtc">The CRT controller's registers.</param>
/// <param name="Latches">The graphics controller's latches, plane 0 in the low byte.</param>
/// <param name="Dac">The colour table.</param>
/// <param name="DispiIndex">Port 1CEh.</param>
/// <param name="Dispi">The Bochs display interface.</param>
/// <param name="Pages">Video memory, without pages that are all zeros.</param>
public sealed record VgaState(
    bool Answers,
    byte Miscellaneous,
    byte Feature,
    byte SequencerIndex,
    byte[] Sequencer,
    byte GraphicsIndex,
    byte[] Graphics,
    byte AttributeIndex,
    bool AttributeDataNext,
    byte[] Attribute,
    byte CrtcIndex,
    byte[] Crtc,
    uint Latches,
    VgaDacState Dac,
    ushort DispiIndex,
    DispiState Dispi,
    VideoPage[] Pages);
