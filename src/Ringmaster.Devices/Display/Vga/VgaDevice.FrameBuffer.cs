using System.Buffers.Binary;

namespace Ringmaster.Devices.Display.Vga;

/// <content>What a PCI function shows in its base address registers.</content>
public sealed partial class VgaDevice
{
    /// <summary>Bytes of the registers in memory: an identification of the monitor, VGA ports from 3C0h on, the Bochs interface.</summary>
    public const int RegistersSize = 4096;

    private const int PortsOffset = 0x400, PortsSize = 0x20, DispiOffset = 0x500, DispiSize = DispiRegisters.Count * 2;

    /// <summary>Bytes of the linear frame buffer: all of video memory.</summary>
    public int FrameBufferSize => _memory.Length;

    /// <summary>The guest reads the linear frame buffer. What lies beyond it reads as ones.</summary>
    /// <param name="offset">The first byte; any alignment.</param>
    /// <param name="size">1 to 8 bytes.</param>
    public ulong ReadFrameBuffer(ulong offset, int size)
    {
        if (offset <= (ulong)(_memory.Length - sizeof(ulong)))
            return BinaryPrimitives.ReadUInt64LittleEndian(_memory.AsSpan((int)offset)) & (ulong.MaxValue >> (64 - size * 8));
        ulong value = 0;
        for (var i = 0; i < size; i++)
            value |= (ulong)(offset + (ulong)i < (ulong)_memory.Length ? _memory[(int)offset + i] : 0xFF) << (i * 8);
        return value;
    }

    /// <summary>The guest writes the linear frame buffer. What lies beyond it is lost.</summary>
    /// <param name="offset">The first byte; any alignment.</param>
    /// <param name="size">1 to 8 bytes.</param>
    /// <param name="value">The value.</param>
    public void WriteFrameBuffer(ulong offset, int size, ulong value)
    {
        if (offset <= (ulong)(_memory.Length - sizeof(ulong)))
        {
            var at = _memory.AsSpan((int)offset);
            switch (size)
            {
                case 4:
                    BinaryPrimitives.WriteUInt32LittleEndian(at, (uint)value);
                    return;
                case 8:
                    BinaryPrimitives.WriteUInt64LittleEndian(at, value);
                    return;
            }
        }
        for (var i = 0; i < size && offset + (ulong)i < (ulong)_memory.Length; i++)
            _memory[(int)offset + i] = (byte)(value >> (i * 8));
    }

    /// <summary>The guest reads the registers in memory. Where there are none, zeros are.</summary>
    /// <param name="offset">The first byte; any alignment.</param>
    /// <param name="size">1 to 8 bytes.</param>
    public ulong ReadRegisters(ulong offset, int size)
    {
        ulong value = 0;
        for (var i = 0; i < size; i++)
            value |= (ulong)ReadRegister(offset + (ulong)i) << (i * 8);
        return value;
    }

    /// <summary>The guest writes the registers in memory.</summary>
    /// <param name="offset">The first byte; any alignment.</param>
    /// <param name="size">1 to 8 bytes.</param>
    /// <param name="value">The value.</param>
    public void WriteRegisters(ulong offset, int size, ulong value)
    {
        for (var i = 0; i < size; i++)
        {
            var at = offset + (ulong)i;
            var data = (byte)(value >> (i * 8));
            if (at is >= PortsOffset and < PortsOffset + PortsSize)
            {
                WriteVga((ushort)(FirstPort + (at - PortsOffset)), data);
            }
            else if (at is >= DispiOffset and < DispiOffset + DispiSize)
            {
                var index = (int)(at - DispiOffset) / 2;
                if ((at & 1) == 0 && i + 1 < size)
                    WriteDispi(index, (ushort)(value >> (i++ * 8)));
                else
                    WriteDispi(index, (at & 1) == 0 ? Join(_dispi.Read(index) >> 8, data) : Join(data, _dispi.Read(index)));
            }
        }
    }

    private static ushort Join(int high, int low) => (ushort)((high << 8) | (low & 0xFF));

    private byte ReadRegister(ulong at)
    {
        if (at < (ulong)_identification.Length)
            return _identification[(int)at];
        if (at is >= PortsOffset and < PortsOffset + PortsSize)
            return ReadVga((ushort)(FirstPort + (at - PortsOffset)));
        if (at is >= DispiOffset and < DispiOffset + DispiSize)
            return (byte)(_dispi.Read((int)(at - DispiOffset) / 2) >> (int)((at & 1) * 8));
        return 0;
    }
}
