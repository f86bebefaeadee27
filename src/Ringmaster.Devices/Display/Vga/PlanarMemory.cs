using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Ringmaster.Devices.Display.Vga;

/// <summary>
/// Video memory as the graphics controller shows it to the processor: four planes of bytes, latches, write modes and read modes.
/// A plane address is four bytes of video memory, one of each plane.
/// </summary>
/// <param name="registers">The VGA's registers.</param>
/// <param name="memory">Video memory, a power of two.</param>
internal sealed class PlanarMemory(VgaRegisters registers, VideoMemory memory)
{
    private const uint EachPlane = 0x0101_0101;

    private readonly uint _addressMask = (uint)(memory.Length / 4 - 1);

    /// <summary>What the last read left behind, plane 0 in the low byte.</summary>
    internal uint Latches { get; set; }

    /// <summary>FFh in the byte of each plane whose bit is set.</summary>
    internal static uint PlanesOf(int bits) => (((uint)(bits & 0x0F) * 0x0020_4081) & EachPlane) * 0xFF;

    /// <summary>Reads a byte, which loads the latches.</summary>
    /// <param name="offset">From the start of the window.</param>
    /// <param name="window">Plane address of the window's start.</param>
    internal byte Read(uint offset, uint window)
    {
        var plane = registers.Graphics[4] & 3;
        if (registers.ChainsFour)
            plane = (int)(offset & 3);
        else if (registers.ReadsOddEven)
            plane = (plane & 2) | (int)(offset & 1);
        Latches = BinaryPrimitives.ReadUInt32LittleEndian(memory.AsSpan(Place(offset, window)));
        if ((registers.Graphics[5] & 0x08) == 0 || registers.ChainsFour)
            return (byte)(Latches >> (plane * 8));
        var different = (Latches ^ PlanesOf(registers.Graphics[2])) & PlanesOf(registers.Graphics[7]);
        different |= different >> 16;
        return (byte)~(different | (different >> 8));
    }

    /// <summary>Writes a byte as the write mode says.</summary>
    /// <param name="offset">From the start of the window.</param>
    /// <param name="window">Plane address of the window's start.</param>
    /// <param name="value">The processor's byte.</param>
    internal void Write(uint offset, uint window, byte value)
    {
        var planes = registers.MapMask;
        if (registers.ChainsFour)
            planes &= 1 << (int)(offset & 3);
        else if (registers.WritesOddEven)
            planes &= (offset & 1) == 0 ? 0x05 : 0x0A;
        if (planes == 0)
            return;
        var mask = PlanesOf(planes);
        var place = memory.AsSpan(Place(offset, window), 4);
        var old = BinaryPrimitives.ReadUInt32LittleEndian(place);
        BinaryPrimitives.WriteUInt32LittleEndian(place, (old & ~mask) | (Compose(value) & mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Place(uint offset, uint window)
    {
        var address = offset & 0xFFFF;
        if (registers.ChainsFour)
            address &= ~3u;
        else if (registers.ChainsOddEven)
            address = (address & ~1u) | (registers.MemoryMap == 0 ? (offset >> 16) & 1 : (uint)registers.OddEvenPage);
        return (int)((window + address) & _addressMask) * 4;
    }

    /// <summary>What a write puts into all planes.</summary>
    private uint Compose(byte value)
    {
        var graphics = registers.Graphics;
        var bits = graphics[8] * EachPlane;
        uint data;
        switch (graphics[5] & 3)
        {
            case 0:
                var set = PlanesOf(graphics[1]);
                data = (Rotate(value) * EachPlane & ~set) | (PlanesOf(graphics[0]) & set);
                break;
            case 1:
                return Latches;
            case 2:
                data = PlanesOf(value & 0x0F);
                break;
            default:
                bits &= Rotate(value) * EachPlane;
                data = PlanesOf(graphics[0]);
                break;
        }
        data = (graphics[3] >> 3) switch
        {
            0 => data,
            1 => data & Latches,
            2 => data | Latches,
            _ => data ^ Latches,
        };
        return (data & bits) | (Latches & ~bits);
    }

    private uint Rotate(byte value)
    {
        var count = registers.Graphics[3] & 7;
        return (byte)((value >> count) | (value << (8 - count)));
    }
}
