namespace Ringmaster.Devices.Display.Vga;

/// <summary>
/// The registers of a VGA's sequencer, graphics, attribute and CRT controllers, with names for their fields (IBM PS/2 Hardware
/// Interface Technical Reference, "Video Subsystem").
/// </summary>
internal sealed class VgaRegisters
{
    internal const int SequencerCount = 5, GraphicsCount = 9, AttributeCount = 21, CrtcCount = 25;
    private const byte ProtectsTiming = 0x80;
    private const int LineCompareBit8 = 0x10, VerticalEnd = 0x11, Overflow = 0x07;

    // The display is on after power-on, as a BIOS would leave it, for guests that set up nothing but a frame buffer.
    private const byte PaletteAddressSource = 0x20;

    private static readonly byte[] s_sequencerBits = [0x03, 0x3D, 0x0F, 0x3F, 0x0E];
    private static readonly byte[] s_graphicsBits = [0x0F, 0x0F, 0x0F, 0x1F, 0x03, 0x7B, 0x0F, 0x0F, 0xFF];

    internal byte[] Sequencer { get; } = new byte[SequencerCount];

    internal byte[] Graphics { get; } = new byte[GraphicsCount];

    internal byte[] Attribute { get; } = new byte[AttributeCount];

    internal byte[] Crtc { get; } = new byte[CrtcCount];

    internal byte SequencerIndex { get; set; }

    internal byte GraphicsIndex { get; set; }

    internal byte AttributeIndex { get; set; }

    internal byte CrtcIndex { get; set; }

    /// <summary>Whether the next write of port 3C0h is the attribute controller's data.</summary>
    internal bool AttributeDataNext { get; set; }

    internal byte Miscellaneous { get; set; }

    internal byte Feature { get; set; }

    /// <summary>Port 3C3h, bit 0: the whole VGA answers.</summary>
    internal bool Answers { get; set; } = true;

    /// <summary>Registers at 3Dxh; otherwise at 3Bxh.</summary>
    internal bool IsColour => (Miscellaneous & 0x01) != 0;

    internal bool MemoryEnabled => (Miscellaneous & 0x02) != 0;

    /// <summary>Bit 0 of an odd/even plane address. All modes of the BIOS set the register's bit, which selects even addresses.</summary>
    internal int OddEvenPage => (Miscellaneous & 0x20) != 0 ? 0 : 1;

    internal bool HasEightDots => (Sequencer[1] & 0x01) != 0;

    internal bool HalvesDotClock => (Sequencer[1] & 0x08) != 0;

    internal bool ScreenOff => (Sequencer[1] & 0x20) != 0;

    internal int MapMask => Sequencer[2];

    internal bool WritesOddEven => (Sequencer[4] & 0x04) == 0;

    internal bool ChainsFour => (Sequencer[4] & 0x08) != 0;

    internal bool ReadsOddEven => (Graphics[5] & 0x10) != 0;

    internal bool ChainsOddEven => (Graphics[6] & 0x02) != 0;

    internal bool IsGraphics => (Graphics[6] & 0x01) != 0;

    internal int MemoryMap => (Graphics[6] >> 2) & 3;

    internal bool ShiftsInterleaved => (Graphics[5] & 0x20) != 0;

    internal bool ShiftsBytes => (Graphics[5] & 0x40) != 0;

    /// <summary>The palette is the display's; while it is the processor's, the screen is dark.</summary>
    internal bool PaletteShown => (AttributeIndex & PaletteAddressSource) != 0;

    internal int AttributeMode => Attribute[0x10];

    internal int ColumnCount => Crtc[1] + 1;

    internal int HorizontalTotal => Crtc[0] + 5;

    internal int VerticalTotal => (Crtc[6] | ((Crtc[Overflow] & 0x01) << 8) | ((Crtc[Overflow] & 0x20) << 4)) + 2;

    internal int LineCount => (Crtc[0x12] | ((Crtc[Overflow] & 0x02) << 7) | ((Crtc[Overflow] & 0x40) << 3)) + 1;

    internal int RetraceStart => Crtc[0x10] | ((Crtc[Overflow] & 0x04) << 6) | ((Crtc[Overflow] & 0x80) << 2);

    /// <summary>Lines of the vertical retrace; the end register holds four bits of the last line.</summary>
    internal int RetraceLength => (((Crtc[VerticalEnd] - RetraceStart - 1) & 0x0F) + 1);

    internal int LineCompare => Crtc[0x18] | ((Crtc[Overflow] & LineCompareBit8) << 4) | ((Crtc[9] & 0x40) << 3);

    /// <summary>The vertical counter moves every other line.</summary>
    internal bool HalvesLineClock => (Crtc[0x17] & 0x04) != 0;

    internal int StartAddress => (Crtc[0x0C] << 8) | Crtc[0x0D];

    internal int CursorAddress => (Crtc[0x0E] << 8) | Crtc[0x0F];

    internal void Reset()
    {
        Array.Clear(Sequencer);
        Array.Clear(Graphics);
        Array.Clear(Attribute);
        Array.Clear(Crtc);
        SequencerIndex = GraphicsIndex = CrtcIndex = 0;
        AttributeIndex = PaletteAddressSource;
        AttributeDataNext = false;
        Miscellaneous = Feature = 0;
        Answers = true;
    }

    internal byte ReadSequencer() => Read(Sequencer, SequencerIndex & 0x07);

    internal void WriteSequencer(byte value)
    {
        if ((SequencerIndex & 0x07) is var index and < SequencerCount)
            Sequencer[index] = (byte)(value & s_sequencerBits[index]);
    }

    internal byte ReadGraphics() => Read(Graphics, GraphicsIndex & 0x0F);

    internal void WriteGraphics(byte value)
    {
        if ((GraphicsIndex & 0x0F) is var index and < GraphicsCount)
            Graphics[index] = (byte)(value & s_graphicsBits[index]);
    }

    internal byte ReadCrtc() => Read(Crtc, CrtcIndex & 0x3F);

    internal void WriteCrtc(byte value)
    {
        if ((CrtcIndex & 0x3F) is not (var index and < CrtcCount))
            return;
        // The protected registers are those of the timing, but for bit 8 of the line compare.
        if (index <= Overflow && (Crtc[VerticalEnd] & ProtectsTiming) != 0)
        {
            if (index != Overflow)
                return;
            value = (byte)((Crtc[Overflow] & ~LineCompareBit8) | (value & LineCompareBit8));
        }
        Crtc[index] = value;
    }

    internal byte ReadAttribute() => Read(Attribute, AttributeIndex & 0x1F);

    /// <summary>Takes a write of port 3C0h, which is index and data in turn.</summary>
    internal void WriteAttribute(byte value)
    {
        if (!AttributeDataNext)
            AttributeIndex = (byte)(value & 0x3F);
        else if ((AttributeIndex & 0x1F) is var index and < AttributeCount)
            SetAttribute(index, value);
        AttributeDataNext = !AttributeDataNext;
    }

    /// <summary>Takes on saved registers, without bits that they do not have.</summary>
    internal void Restore(byte[] sequencer, byte[] graphics, byte[] attribute, byte[] crtc)
    {
        for (var i = 0; i < SequencerCount; i++)
            Sequencer[i] = (byte)(sequencer[i] & s_sequencerBits[i]);
        for (var i = 0; i < GraphicsCount; i++)
            Graphics[i] = (byte)(graphics[i] & s_graphicsBits[i]);
        for (var i = 0; i < AttributeCount; i++)
            SetAttribute(i, attribute[i]);
        crtc.CopyTo(Crtc, 0);
    }

    private static byte Read(byte[] registers, int index) => index < registers.Length ? registers[index] : (byte)0;

    private void SetAttribute(int index, byte value) => Attribute[index] = (byte)(value & index switch
    {
        < 0x10 or 0x12 => 0x3F,
        0x10 => 0xEF,
        0x11 => 0xFF,
        _ => 0x0F,
    });
}
